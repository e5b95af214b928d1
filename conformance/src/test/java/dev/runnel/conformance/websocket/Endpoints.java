package dev.runnel.conformance.websocket;

import dev.runnel.engine.Handler;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.routing.Router;
import dev.runnel.routing.Routes;
import dev.runnel.websocket.CloseReason;
import dev.runnel.websocket.FrameOptions;
import dev.runnel.websocket.Message;
import dev.runnel.websocket.OriginPolicy;
import dev.runnel.ws.Deflate;
import dev.runnel.ws.WebSockets;
import dev.runnel.ws.WsChannel;
import dev.runnel.ws.WsListener;
import dev.runnel.ws.WsOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** The endpoints of the cases: each gives back all messages, under options of its own. */
public final class Endpoints {
  static final String ECHO = "/echo";

  /** Messages of at most {@link #SMALL_LIMIT} bytes. */
  static final String SMALL = "/small";

  static final int SMALL_LIMIT = 1000;

  /** Compresses everything, with every wish of the client. */
  static final String DEFLATE = "/deflate";

  /** The same with messages of at most {@link #SMALL_LIMIT} bytes. */
  static final String DEFLATE_SMALL = "/deflate-small";

  /** Compresses as routes do that ask for nothing in particular. */
  static final String DEFLATE_DEFAULT = "/deflate-default";

  static final String PROTOCOLS = "/protocols";
  static final String ORIGIN_LIST = "/origin-list";
  static final String ORIGIN_ANY = "/origin-any";

  private static final Deflate ALL = Deflate.DEFAULT.withTakeover(true, true).withThreshold(0);

  private final Map<String, WsOptions> options = new LinkedHashMap<>();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();

  Endpoints() {
    WsOptions all = WsOptions.DEFAULT;
    FrameOptions small = FrameOptions.DEFAULT.withMaxMessage(SMALL_LIMIT);
    options.put(ECHO, all);
    options.put(SMALL, all.withFrames(small));
    options.put(DEFLATE, all.withDeflate(ALL));
    options.put(DEFLATE_SMALL, all.withDeflate(ALL).withFrames(small));
    options.put(DEFLATE_DEFAULT, all.withDeflate(Deflate.DEFAULT));
    options.put(PROTOCOLS, all.withProtocols("v2", "v1"));
    options.put(
        ORIGIN_LIST, all.withOrigins(OriginPolicy.of("https://app.example", "http://b:8080")));
    options.put(ORIGIN_ANY, all.withOrigins(OriginPolicy.any()));
  }

  /** The language that they are written in. */
  enum Face {
    JAVA,
    KOTLIN;

    Handler app(Endpoints endpoints) {
      return Router.of(this == JAVA ? endpoints.java() : KotlinEndpointsKt.kotlin(endpoints));
    }
  }

  /** Path and options of each. */
  public Map<String, WsOptions> options() {
    return options;
  }

  /** A session began. */
  public void opens() {
    opened.incrementAndGet();
  }

  /** A session was told of its end. */
  public void closes() {
    closed.incrementAndGet();
  }

  /** Sessions that began. */
  int opened() {
    return opened.get();
  }

  /** Sessions that were told of their end. */
  int closed() {
    return closed.get();
  }

  private Routes java() {
    return Routes.of(
        routes -> {
          routes.handle(Method.GET, "/text", x -> x.respond(Response.ok("hi")));
          options.forEach(
              (path, how) ->
                  routes.handle(Method.GET, path, x -> x.respond(echo(x.request(), how))));
        });
  }

  private Response echo(Request request, WsOptions how) {
    return WebSockets.listen(request, how, new Echo());
  }

  private final class Echo implements WsListener {
    @Override
    public void onOpen(WsChannel session) {
      opens();
    }

    @Override
    public CompletionStage<Void> onMessage(WsChannel session, Message message) {
      return session.send(message);
    }

    @Override
    public void onClose(WsChannel session, CloseReason reason) {
      closes();
    }
  }
}
