// Plays with clients from the registry of npm against a server, and prints a JSON object: the name of each check, and
// what went wrong, or null.
import { EventSource } from 'eventsource';
import WebSocket from 'ws';

const [port] = process.argv.slice(2);
const ws = (path) => `ws://127.0.0.1:${port}${path}`;
const PATIENCE = 20_000;

const once = (emitter, event) =>
  new Promise((resolve, reject) => {
    emitter.once(event, (...all) => resolve(all));
    if (event !== 'error') emitter.once('error', reject);
  });

async function open(path, protocols, options) {
  const socket = new WebSocket(ws(path), protocols, options);
  await once(socket, 'open');
  return socket;
}

async function closed(socket) {
  const [code, reason] = await once(socket, 'close');
  return `${code} ${reason}`;
}

async function echo(socket, data) {
  const answer = once(socket, 'message');
  socket.send(data);
  const [received, isBinary] = await answer;
  return isBinary ? received : received.toString();
}

function same(actual, expected) {
  if (actual !== expected) throw new Error(`${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}

async function leave(socket, code, reason) {
  const end = closed(socket);
  socket.close(code, reason);
  return end;
}

const LARGE = 'äöü€😀 '.repeat(60_000);

async function deflated(options, expected) {
  const socket = await open('/echo', [], { perMessageDeflate: { threshold: 0, ...options } });
  same(JSON.stringify(socket._extensions['permessage-deflate'].params), JSON.stringify(expected));
  for (const text of ['', 'a', LARGE, 'a', LARGE]) same(await echo(socket, text), text);
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * i) & 0xff));
  same(Buffer.compare(await echo(socket, bytes), bytes), 0);
  same(await leave(socket, 1000), '1000 ');
}

function failing(path, act) {
  return async () => {
    const socket = await open(path, [], { perMessageDeflate: false });
    const end = closed(socket);
    act(socket);
    return (await end).split(' ')[0];
  };
}

const checks = {
  async 'ws: text and binary'() {
    const socket = await open('/plain', [], { perMessageDeflate: false });
    for (const text of ['', 'Hello', 'äöü€😀', 'x'.repeat(125), 'x'.repeat(126), 'x'.repeat(65_536)]) {
      same(await echo(socket, text), text);
    }
    const bytes = Buffer.from([0, 255, 128, 1]);
    same(Buffer.compare(await echo(socket, bytes), bytes), 0);
    same(await leave(socket, 1000, 'done'), '1000 ');
  },
  async 'ws: fragments'() {
    const socket = await open('/plain', [], { perMessageDeflate: false });
    const answer = once(socket, 'message');
    socket.send('one, ', { fin: false });
    socket.send('two, ', { fin: false });
    socket.ping('between');
    socket.send('three', { fin: true });
    same((await answer)[0].toString(), 'one, two, three');
    same(await leave(socket, 1000), '1000 ');
  },
  async 'ws: compressed fragments'() {
    const socket = await open('/echo', [], { perMessageDeflate: { threshold: 0 } });
    const answer = once(socket, 'message');
    socket.send('one, ', { fin: false, compress: true });
    socket.send('two', { fin: true, compress: true });
    same((await answer)[0].toString(), 'one, two');
    same(await leave(socket, 1000), '1000 ');
  },
  async 'ws: pings'() {
    const socket = await open('/plain');
    for (const payload of ['', 'ping', 'x'.repeat(125)]) {
      const pong = once(socket, 'pong');
      socket.ping(payload);
      same((await pong)[0].toString(), payload);
    }
    same(await leave(socket, 1000), '1000 ');
  },
  async 'ws: close codes'() {
    for (const code of [1000, 1001, 1011, 1012, 1013, 1014, 3000, 4999]) {
      same(await leave(await open('/plain'), code, 'a reason'), `${code} `);
    }
    same(await leave(await open('/plain')), '1005 ');
  },
  async 'ws: the handler closes'() {
    same(await closed(await open('/leave')), '4001 bye, and thank you');
    const socket = new WebSocket(ws('/count/1000'));
    const all = [];
    socket.on('message', (data) => all.push(data.toString()));
    same(await closed(socket), '1000 ');
    same(all.join(), Array.from({ length: 1000 }, (_, i) => `message ${i}`).join());
  },
  async 'ws: a handler that fails'() {
    same(await closed(await open('/fail')), '1011 ');
  },
  async 'ws: refused'() {
    const socket = new WebSocket(ws('/refuse'));
    const [, response] = await once(socket, 'unexpected-response');
    same(response.statusCode, 403);
    response.resume();
    socket.on('error', () => {});
    socket.terminate();
  },
  async 'ws: sub-protocols'() {
    for (const [offered, picked] of [[['v1', 'v2'], 'v2'], [['v1'], 'v1']]) {
      const socket = await open('/echo', offered);
      same(socket.protocol, picked);
      same(await leave(socket, 1000), '1000 ');
    }
  },
  async 'ws: order'() {
    const socket = await open('/echo');
    const all = [];
    const done = new Promise((resolve) =>
      socket.on('message', (data) => all.push(data.toString()) === 2000 && resolve()),
    );
    const sent = Array.from({ length: 2000 }, (_, i) => `${i} ${'x'.repeat(i)}`);
    sent.forEach((text) => socket.send(text));
    await done;
    same(all.join() === sent.join(), true);
    same(await leave(socket, 1000), '1000 ');
  },
  async 'ws: 200 at once'() {
    const sockets = await Promise.all(Array.from({ length: 200 }, () => open('/echo')));
    const echoes = await Promise.all(sockets.map((socket, i) => echo(socket, `from ${i}`)));
    echoes.forEach((text, i) => same(text, `from ${i}`));
    await Promise.all(sockets.map((socket) => leave(socket, 1000)));
  },
  async 'ws: a message of 1 MiB, and one more byte'() {
    const socket = await open('/plain', [], { perMessageDeflate: false });
    const most = 'x'.repeat(1 << 20);
    same((await echo(socket, most)) === most, true);
    const end = closed(socket);
    socket.send(`${most}x`);
    same((await end).split(' ')[0], '1009');
  },
  async 'ws: a bomb'() {
    const socket = await open('/echo', [], { perMessageDeflate: { threshold: 0 } });
    const end = closed(socket);
    socket.send(Buffer.alloc(64 << 20));
    same((await end).split(' ')[0], '1009');
  },
  async 'ws: without a mask'() {
    same(await failing('/plain', (socket) => socket.send('a', { mask: false }))(), '1002');
  },
  async 'ws: text that is none'() {
    same(await failing('/plain', (socket) => socket.send(Buffer.from([0xff]), { binary: false }))(), '1007');
  },
  async 'ws: eleven pings at once'() {
    const flood = (socket) => Array.from({ length: 30 }, () => socket.ping());
    same(await failing('/plain', flood)(), '1008');
  },
  'ws: compression': () => deflated({}, {}),
  'ws: compression without takeover': () =>
    deflated(
      { serverNoContextTakeover: true, clientNoContextTakeover: true },
      { server_no_context_takeover: true, client_no_context_takeover: true },
    ),
  'ws: compression with small windows': () =>
    deflated(
      { serverMaxWindowBits: 9, clientMaxWindowBits: 10 },
      { server_max_window_bits: 9, client_max_window_bits: 10 },
    ),
  'ws: compression with one takeover': () =>
    deflated(
      { serverNoContextTakeover: true, serverMaxWindowBits: 12 },
      { server_no_context_takeover: true, server_max_window_bits: 12 },
    ),
  async 'eventsource: events, ids, and coming back until told not to'() {
    const source = new EventSource(`http://127.0.0.1:${port}/events`);
    const ticks = [];
    const plain = [];
    let opened = 0;
    source.addEventListener('open', () => opened++);
    source.addEventListener('message', (event) => plain.push(event.data));
    source.addEventListener('tick', (event) => ticks.push(`${event.lastEventId}|${event.data}`));
    await new Promise((resolve) =>
      source.addEventListener('error', () => source.readyState === EventSource.CLOSED && resolve()),
    );
    same(ticks.join(), [1, 2, 3, 4, 5, 6].map((n) => `${n}|${n}: äöü€😀`).join());
    same(plain.join(), 'first line\nsecond line,first line\nsecond line');
    same(opened, 2);
  },
};

const results = {};
for (const [name, check] of Object.entries(checks)) {
  let timer;
  const tooLate = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing for ${PATIENCE} ms`)), PATIENCE);
  });
  try {
    await Promise.race([check(), tooLate]);
    results[name] = null;
  } catch (error) {
    results[name] = String(error?.stack ?? error?.message ?? error);
  } finally {
    clearTimeout(timer);
  }
}
console.log(JSON.stringify(results));
process.exit(0);
