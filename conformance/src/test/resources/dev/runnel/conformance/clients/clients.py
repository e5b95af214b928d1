"""Plays with Debian's python3-websockets, and prints a JSON object: the name of each check, and what went wrong, or null."""

import asyncio
import json
import sys
import traceback

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

PORT = sys.argv[1]
PATIENCE = 20
CHECKS = {}


def check(function):
    CHECKS[function.__name__.replace("_", " ")] = function
    return function


def connect(path, **options):
    return websockets.connect(f"ws://127.0.0.1:{PORT}{path}", **options)


def same(actual, expected):
    if actual != expected:
        raise AssertionError(f"{actual!r} instead of {expected!r}")


async def closed(socket):
    await socket.wait_closed()
    return socket.close_code, socket.close_reason


async def echoes(socket, data):
    await socket.send(data)
    same(await socket.recv() == data, True)


@check
async def text_and_binary():
    async with connect("/plain", compression=None) as socket:
        for data in ["", "Hello", "äöü€😀", "x" * 126, "ü" * 100_000, b"", bytes(range(256)) * 300]:
            await echoes(socket, data)
    same((await closed(socket))[0], 1000)


@check
async def fragments():
    async with connect("/plain", compression=None) as socket:
        await socket.send(["one, ", "two, ", "three"])
        same(await socket.recv(), "one, two, three")


@check
async def pings():
    async with connect("/plain") as socket:
        await asyncio.wait_for(await socket.ping(b"p" * 125), PATIENCE)


@check
async def compression():
    for bits in (None, 9, 12, 15):
        for forgets in (False, True):
            factory = ClientPerMessageDeflateFactory(
                server_no_context_takeover=forgets,
                client_no_context_takeover=forgets,
                server_max_window_bits=bits,
                client_max_window_bits=bits or True,
            )
            async with connect("/echo", compression=None, extensions=[factory]) as socket:
                same(len(socket.extensions), 1)
                for data in ["", "a", "äöü€😀 " * 20_000, "a", "äöü€😀 " * 20_000]:
                    await echoes(socket, data)


@check
async def close_codes():
    for code in (1000, 1001, 1012, 1013, 1014, 3000, 4999):
        socket = await connect("/plain")
        await socket.close(code, "a reason")
        same(await closed(socket), (code, ""))


@check
async def the_handler_closes():
    socket = await connect("/leave")
    same(await closed(socket), (4001, "bye, and thank you"))
    socket = await connect("/count/100")
    same([message async for message in socket], [f"message {n}" for n in range(100)])
    same((await closed(socket))[0], 1000)


@check
async def sub_protocols():
    async with connect("/echo", subprotocols=["v1", "v2"]) as socket:
        same(socket.subprotocol, "v2")


@check
async def refused():
    try:
        await connect("/refuse")
    except websockets.exceptions.InvalidStatusCode as refusal:
        same(refusal.status_code, 403)
    else:
        raise AssertionError("a session")


@check
async def too_large():
    socket = await connect("/plain", compression=None)
    await socket.send("x" * ((1 << 20) + 1))
    same((await closed(socket))[0], 1009)


async def main():
    results = {}
    for name, function in CHECKS.items():
        try:
            await asyncio.wait_for(function(), PATIENCE)
            results[name] = None
        except BaseException:  # the report is the place for it
            results[name] = traceback.format_exc()
    print(json.dumps(results))


asyncio.run(main())
