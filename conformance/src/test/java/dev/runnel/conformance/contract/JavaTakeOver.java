package dev.runnel.conformance.contract;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.engine.Exchange;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Method;
import dev.runnel.http.RawConnection;
import dev.runnel.http.Response;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.routing.RouteBuilder;
import java.util.function.LongConsumer;

/** Endpoints that take the connection over. */
final class JavaTakeOver {
  static final int PIECE = 16 << 10;

  /** As many pieces as no socket holds. */
  static final int FLOOD = 500;

  private final Probe probe;

  JavaTakeOver(Probe probe) {
    this.probe = probe;
  }

  void declare(RouteBuilder r) {
    declare(r, Method.GET);
    declare(r, Method.CONNECT); // so HTTP/2 asks for it (RFC 8441)
    r.handle(Method.POST, "/raw/echo", x -> x.respond(Response.upgrade("echo", echo(probe))));
    r.handle(Method.CONNECT, "*", x -> x.respond(connect(probe, x.request().target())));
  }

  private void declare(RouteBuilder r, Method m) {
    r.handle(m, "/raw/echo", x -> x.respond(Response.upgrade("echo", echo(probe))));
    r.handle(m, "/raw/flood", x -> x.respond(Response.upgrade("flood", flood(probe))));
    r.handle(m, "/raw/deaf/{gate}", x -> x.respond(deaf(probe, x.request().path("gate"))));
    r.handle(m, "/raw/last/{gate}", x -> x.respond(last(probe, x.request().path("gate"))));
    r.handle(m, "/raw/held/{gate}", x -> held(x, probe));
    r.handle(m, "/raw/fail", x -> x.respond(Response.upgrade("fail", fail())));
  }

  private static void held(Exchange x, Probe probe) {
    JavaApp.hold(x, probe);
    x.respond(Response.upgrade("held", idle()));
  }

  static Response connect(Probe probe, String target) {
    return target.startsWith("bare") ? Response.ok() : Response.ok().body(echo(probe));
  }

  /** Neither reads nor writes. */
  static Body.Upgrade idle() {
    return raw -> {};
  }

  /** Gives back what comes, as fast as it is taken, and closes after the peer has. */
  static Body.Upgrade echo(Probe probe) {
    return raw -> new Echo(raw, probe).pump();
  }

  private record Echo(RawConnection raw, Probe probe) {
    void pump() {
      try {
        pumpOn();
      } catch (CallCancelledException e) {
        probe.note("raw lost " + e.reason());
        throw e;
      }
    }

    private void pumpOn() {
      BodyReader in = raw.input();
      BodyWriter out = raw.output();
      for (Bytes bytes = in.poll(); bytes != null; bytes = in.poll()) {
        if (!out.write(bytes)) {
          out.onWritable(this::pump);
          return;
        }
      }
      if (in.ended()) {
        probe.note("raw ended");
        out.end();
      } else {
        in.onReady(this::pump);
      }
    }
  }

  /** Writes 1,000 pieces, each when there is room. */
  static Body.Upgrade flood(Probe probe) {
    return raw -> flood(probe, raw.output(), FLOOD);
  }

  private static void flood(Probe probe, BodyWriter out, int count) {
    Bytes piece = Bytes.utf8("x".repeat(PIECE));
    for (int left = count; left > 0; left--) {
      probe.note("wrote");
      if (!out.write(piece)) {
        int rest = left - 1;
        out.onWritable(() -> flood(probe, out, rest));
        return;
      }
    }
    out.end();
  }

  /** Reads nothing until the gate opens, then tells how much came. */
  static Response deaf(Probe probe, String gate) {
    return Response.upgrade(
        "deaf",
        raw -> {
          probe.note("started " + gate);
          probe.gate(gate).thenRun(() -> raw.input().loop().execute(() -> answerCount(raw)));
        });
  }

  private static void answerCount(RawConnection raw) {
    count(
        raw,
        0,
        total -> {
          raw.output().write(Bytes.utf8(total + " bytes"));
          raw.output().end();
        });
  }

  /** Ends its half when the gate opens, and reads when the other one does. */
  static Response last(Probe probe, String gate) {
    return Response.upgrade(
        "last",
        raw -> {
          Loop loop = raw.input().loop();
          probe.note("started " + gate);
          probe.gate(gate).thenRun(() -> loop.execute(() -> end(probe, raw, gate)));
          probe
              .gate("read")
              .thenRun(
                  () ->
                      loop.execute(
                          () -> count(raw, 0, total -> probe.note("read " + total + " bytes"))));
        });
  }

  private static void end(Probe probe, RawConnection raw, String gate) {
    raw.output().end();
    probe.note("wrote all " + gate);
  }

  private static void count(RawConnection raw, long before, LongConsumer then) {
    long sum = before;
    BodyReader in = raw.input();
    for (Bytes bytes = in.poll(); bytes != null; bytes = in.poll()) {
      sum += bytes.length();
    }
    long total = sum;
    if (in.ended()) {
      then.accept(total);
    } else {
      in.onReady(() -> count(raw, total, then));
    }
  }

  static Body.Upgrade fail() {
    return raw -> {
      throw new IllegalStateException("the taker fails");
    };
  }
}
