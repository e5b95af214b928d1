package dev.runnel.conformance.contract;

import dev.runnel.engine.Filter;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.routing.RouteBuilder;
import dev.runnel.websocket.CloseReason;
import dev.runnel.websocket.Message;
import dev.runnel.websocket.WsClosed;
import dev.runnel.ws.BlockingWs;
import dev.runnel.ws.BlockingWsHandler;
import dev.runnel.ws.Deflate;
import dev.runnel.ws.SendResult;
import dev.runnel.ws.WebSockets;
import dev.runnel.ws.WsChannel;
import dev.runnel.ws.WsClose;
import dev.runnel.ws.WsListener;
import dev.runnel.ws.WsOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Sessions with the Java faces: echoes are listeners, what waits is blocking. */
final class JavaWebSockets {
  private static final WsOptions OPTIONS =
      WsOptions.DEFAULT.withProtocols("b", "a").withHeader("X-Session", "yes");
  private static final WsOptions DEFLATE = WsOptions.DEFAULT.withDeflate(Deflate.DEFAULT);

  private final Probe probe;

  JavaWebSockets(Probe probe) {
    this.probe = probe;
  }

  void declare(RouteBuilder r) {
    r.handle(
        Method.GET, "/ws/echo", x -> x.respond(WebSockets.listen(x.request(), new Echo(probe))));
    r.get("/ws/deflate", request -> WebSockets.listen(request, DEFLATE, new Echo(probe)));
    r.get(
        "/ws/protocols",
        q -> WebSockets.blocking(q, OPTIONS, s -> s.send("speaks " + s.protocol())));
    blocking(r, "/ws/return", session -> session.send("hi"));
    blocking(r, "/ws/fail", JavaWebSockets::fail);
    blocking(r, "/ws/close/{code}", JavaWebSockets::close);
    blocking(r, "/ws/wait/{gate}", this::await);
    blocking(r, "/ws/push/{count}", this::push);
    blocking(r, "/ws/try/{gate}", this::tryUntilFull);
    r.get("/ws/order", request -> WebSockets.listen(request, new Order()));
    r.get("/ws/never", request -> WebSockets.listen(request, new Never(probe)));
    blocking(r, "/ws/linger", this::linger);
    blocking(r, "/ws/patient", JavaWebSockets::beImpatient);
    r.get("/ws/listener/{what}", this::listener);
    r.get("/ws/either", JavaWebSockets::either);
    r.path(
        "/ws/filtered",
        g -> {
          g.use(filter());
          g.get("/echo", request -> WebSockets.listen(request, new Echo(probe)));
        });
  }

  private static void blocking(RouteBuilder r, String pattern, BlockingWsHandler handler) {
    r.get(pattern, request -> WebSockets.blocking(request, handler));
  }

  private static Response either(Request request) {
    return "no".equals(request.query("ws"))
        ? Response.ok("plain")
        : WebSockets.blocking(request, session -> session.send("either")).header("X-Either", "ws");
  }

  private Filter filter() {
    return next ->
        exchange -> {
          probe.note("filter saw " + exchange.request().method());
          if ("no".equals(exchange.request().query("in"))) {
            exchange.respond(Response.of(401));
          } else {
            next.handle(exchange);
          }
        };
  }

  private record Echo(Probe probe) implements WsListener {
    @Override
    public CompletionStage<Void> onMessage(WsChannel session, Message message) {
      return session.send(message);
    }

    @Override
    public void onClose(WsChannel session, CloseReason reason) {
      boolean lost = reason.code() == CloseReason.ABNORMAL;
      probe.note(lost ? "cancelled CLIENT_GONE 1006" : "ended " + reason);
    }
  }

  /** Waits for what never happens. */
  private record Never(Probe probe) implements WsListener {
    @Override
    public CompletionStage<Void> onMessage(WsChannel session, Message message) {
      probe.note("never");
      return new CompletableFuture<>();
    }

    @Override
    public void onClose(WsChannel session, CloseReason reason) {
      probe.note("told " + reason);
    }
  }

  private static final class Order implements WsListener {
    @Override
    public void onOpen(WsChannel session) {
      CompletionStage<Void> last = session.send("0 " + "x".repeat(4 << 10));
      for (int i = 1; i < 100; i++) {
        last = session.send(i + " " + "x".repeat(4 << 10));
      }
      last.thenRun(() -> session.close(1000, ""));
    }

    @Override
    public @Nullable CompletionStage<?> onMessage(WsChannel session, Message message) {
      return null;
    }
  }

  private static void fail(BlockingWs session) throws InterruptedException {
    session.send("hi");
    throw new IllegalStateException("the handler fails");
  }

  private static void close(BlockingWs session) throws InterruptedException {
    session.send("hi");
    throw new WsClose(session.request().pathInt("code"), "é".repeat(100));
  }

  private void await(BlockingWs session) throws Exception {
    probe.note("waits");
    probe.gate(session.request().path("gate")).get();
    for (Message m = session.receive(); m != null; m = session.receive()) {
      session.send(String.valueOf(m.bytes().length()));
    }
  }

  private void push(BlockingWs session) throws InterruptedException {
    awaitGo(session);
    Message message = Message.text("x".repeat(16 << 10));
    try {
      for (int left = session.request().pathInt("count"); left > 0; left--) {
        session.send(message);
        probe.note("sent");
      }
    } catch (WsClosed e) {
      probe.note("send throws " + e.code());
      throw e;
    }
  }

  private static void awaitGo(BlockingWs session) throws InterruptedException {
    Message go = session.receive();
    if (go == null || !go.text().equals("go")) {
      throw new IllegalStateException("instead of 'go': " + go);
    }
  }

  private void tryUntilFull(BlockingWs session) throws Exception {
    awaitGo(session);
    Message message = Message.text("x".repeat(16 << 10));
    int tried = 0;
    while (tried < 10_000 && session.trySend(message) == SendResult.SENT) {
      tried++;
    }
    probe.note("full after " + tried);
    probe.gate(session.request().path("gate")).get();
    session.send("");
    probe.note("flushed " + session.trySend(Message.text("again")));
  }

  private static void beImpatient(BlockingWs session) throws Exception {
    try {
      session.send("early " + session.receive(Duration.ofMillis(20)));
    } catch (TimeoutException e) {
      session.send("none yet");
    }
    Message late = session.receive(Duration.ofSeconds(10));
    session.send("then " + (late == null ? "the end" : late.text()));
  }

  /** A listener that does something unexpected. */
  private Response listener(Request request) {
    String what = request.path("what");
    return WebSockets.listen(
        request,
        new WsListener() {
          @Override
          public void onOpen(WsChannel session) {
            if (what.equals("closes-at-once")) {
              session.close(4000, "at once");
            } else if (what.equals("throws-at-once")) {
              throw new IllegalStateException("at once");
            }
          }

          @Override
          public CompletionStage<?> onMessage(WsChannel session, Message message) {
            return what.equals("never-goes-on")
                ? new CompletableFuture<Void>()
                : CompletableFuture.failedFuture(new WsClose(4001, "the stage failed"));
          }

          @Override
          public void onClose(WsChannel session, CloseReason reason) {
            probe.note("onClose " + reason);
          }
        });
  }

  /** Notices that the session was closed. */
  private void linger(BlockingWs session) throws InterruptedException {
    while (session.receive() != null) {
      probe.note("a message");
    }
    probe.note("incoming ended " + session.closeReason());
    try {
      session.send("too late");
    } catch (WsClosed e) {
      probe.note("send throws " + e.code() + " " + e.reason().reason());
    }
  }
}
