package dev.runnel.conformance.http2;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Exchange;
import dev.runnel.engine.Handler;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What scripted peers ask for. It counts its calls from the inside: each must be told of its end
 * once, and of its cancellation once if at all.
 */
final class App implements Handler {
  private static final Bytes PIECE = Bytes.utf8("0123456789abcdef".repeat(1 << 9));

  /** Handlers that began. */
  final AtomicInteger started = new AtomicInteger();

  /** Those of "/text", which peers that behave well ask for. */
  final AtomicInteger texts = new AtomicInteger();

  /** Calls that were told of their end. */
  final AtomicInteger ended = new AtomicInteger();

  /** Calls that were told twice of their end or their cancellation. */
  final AtomicInteger toldTwice = new AtomicInteger();

  /** Bytes that endless answers handed over. */
  final AtomicLong produced = new AtomicLong();

  private final Map<CancelCause, AtomicInteger> cancelled = new ConcurrentHashMap<>();
  private final Queue<Exchange> waiting = new ConcurrentLinkedQueue<>();

  /** Calls that were cancelled for this reason. */
  int cancelled(CancelCause cause) {
    return cancelled.getOrDefault(cause, new AtomicInteger()).get();
  }

  /** Calls that were cancelled. */
  int cancelled() {
    return cancelled.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  /** Answers all calls that wait. */
  void answerWaiting() {
    for (Exchange next = waiting.poll(); next != null; next = waiting.poll()) {
      Exchange call = next;
      call.loop().execute(() -> call.respond(Response.ok("waited")));
    }
  }

  /** Forgets who waits; their clients have gone. */
  void forget() {
    waiting.clear();
  }

  @Override
  public void handle(Exchange x) {
    started.incrementAndGet();
    watch(x);
    String path = x.request().rawPath();
    if (path.startsWith("/bytes/")) {
      x.respond(Response.ok(content(Integer.parseInt(path.substring(7)))));
      return;
    }
    switch (path) {
      case "/text" -> {
        texts.incrementAndGet();
        x.respond(Response.ok("hi"));
      }
      case "/wait" -> waiting.add(x);
      case "/echo" -> x.respond(Response.ok().body(new Echo(x.body())));
      case "/endless" -> new Endless(x.respond(Status.OK, Headers.EMPTY), produced).run();
      case "/fields" -> x.respond(Response.ok(fields(x)));
      case "/large-head" -> x.respond(Response.ok("hi").header("large", "x".repeat(20_000)));
      default -> new Count(x, x.body(), path.equals("/count")).run();
    }
  }

  private void watch(Exchange x) {
    AtomicInteger ends = new AtomicInteger();
    x.onEnd(
        outcome -> {
          ended.incrementAndGet();
          if (ends.incrementAndGet() > 1) {
            toldTwice.incrementAndGet();
          }
        });
    AtomicInteger cancels = new AtomicInteger();
    x.onCancel(
        cause -> {
          cancelled.computeIfAbsent(cause, unused -> new AtomicInteger()).incrementAndGet();
          if (cancels.incrementAndGet() > 1) {
            toldTwice.incrementAndGet();
          }
        });
  }

  /** Content in which a piece that is lost or stands elsewhere shows. */
  static byte[] content(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i ^ (i >> 8) ^ (i >> 16));
    }
    return bytes;
  }

  private static String fields(Exchange x) {
    StringBuilder text = new StringBuilder();
    text.append(x.request().method()).append(' ').append(x.request().target());
    text.append(' ').append(x.request().scheme()).append(' ').append(x.request().authority());
    x.request().headers().forEach(h -> text.append('\n').append(h));
    return text.toString();
  }

  private record Echo(BodyReader reader) implements Body.Source {
    @Override
    public BodyReader open() {
      return reader;
    }
  }

  private record Endless(BodyWriter out, AtomicLong produced) implements Runnable {
    @Override
    public void run() {
      boolean more = true;
      while (more) {
        produced.addAndGet(PIECE.length());
        more = out.write(PIECE);
      }
      out.onWritable(this);
    }
  }

  /** Takes the whole body, then answers. */
  private static final class Count implements Runnable {
    private final Exchange call;
    private final BodyReader in;
    private final boolean counts;
    private long count;

    Count(Exchange call, BodyReader in, boolean counts) {
      this.call = call;
      this.in = in;
      this.counts = counts;
    }

    @Override
    public void run() {
      try {
        for (Bytes next = in.poll(); next != null; next = in.poll()) {
          count += next.length();
        }
      } catch (RuntimeException e) {
        call.fail(e);
        return;
      }
      if (in.ended()) {
        call.respond(Response.ok(counts ? count + " bytes" : "hello, hello, hello"));
      } else {
        in.onReady(this);
      }
    }
  }
}
