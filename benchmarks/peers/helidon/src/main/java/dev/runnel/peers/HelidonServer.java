package dev.runnel.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.common.pki.Keys;
import io.helidon.common.tls.Tls;
import io.helidon.http.HeaderValues;
import io.helidon.http.sse.SseEvent;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.sse.SseSink;
import io.helidon.webserver.staticcontent.FileSystemHandlerConfig;
import io.helidon.webserver.staticcontent.StaticContentFeature;
import io.helidon.webserver.websocket.WsRouting;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Helidon SE. A virtual thread for each connection and for each stream of HTTP/2 runs its handlers,
 * which block; so there is neither /delay nor /yield. It sends a Date header and no Server header.
 * HTTP/2 is on as soon as its library is there: h2c by upgrade and by prior knowledge, h2 by ALPN.
 */
public final class HelidonServer {
  private static final int ROUTES = 50;
  private static final int PIECES = 160;
  private static final byte[] PIECE = new byte[64 * 1024];
  private static final byte[] DOWNLOAD = new byte[PIECES * PIECE.length];
  private static final SseEvent SUBSCRIBED =
      SseEvent.builder().comment("subscribed").data("").build();
  private static final SseEvent EVENT = SseEvent.create("x".repeat(100));

  private final ObjectMapper mapper = new ObjectMapper();
  private final Map<SseSink, CountDownLatch> subscribers = new ConcurrentHashMap<>();
  private final ReentrantLock publishing = new ReentrantLock();

  private HelidonServer() {}

  record Message(String message) {}

  public static void main(String[] args) {
    new HelidonServer().start();
  }

  private void start() {
    HttpRouting.Builder routes = routes();
    WsRouting.Builder sockets =
        WsRouting.builder().endpoint("/ws/echo", new Echo()).endpoint("/ws/room", new Room());
    WebServerConfig.Builder server =
        WebServer.builder()
            .host("127.0.0.1")
            .port(Integer.getInteger("bench.port"))
            .addRouting(routes)
            .addRouting(sockets);
    Integer tlsPort = Integer.getInteger("bench.tlsPort");
    if (tlsPort != null) {
      server.putSocket(
          "tls",
          socket ->
              socket
                  .host("127.0.0.1")
                  .port(tlsPort)
                  .tls(tls())
                  .addRouting(routes)
                  .addRouting(sockets));
    }
    server.build().start();
  }

  private static Tls tls() {
    Path cert = Path.of(System.getProperty("bench.cert"));
    Path key = Path.of(System.getProperty("bench.key"));
    Keys keys =
        Keys.builder()
            .pem(pem -> pem.key(from -> from.path(key)).certChain(from -> from.path(cert)))
            .build();
    return Tls.builder()
        .privateKey(keys.privateKey().orElseThrow())
        .privateKeyCertChain(keys.certChain())
        .build();
  }

  private HttpRouting.Builder routes() {
    Path file = Path.of(System.getProperty("bench.file", "10m.bin"));
    HttpRouting.Builder routes =
        HttpRouting.builder()
            .get("/plaintext", HelidonServer::hello)
            .get("/json", this::json)
            .post("/echo", HelidonServer::echo)
            .get("/download/bytes", HelidonServer::bytes)
            .get("/download/stream", HelidonServer::stream)
            .register(
                "/download/file",
                StaticContentFeature.createService(FileSystemHandlerConfig.create(file)))
            .get("/block", HelidonServer::block)
            .get("/events", this::events)
            .post("/publish/{n}", this::publish);
    for (int i = 0; i < ROUTES; i++) {
      routes.get("/r" + i + "/{id}", (req, res) -> res.send(req.path().pathParameters().get("id")));
    }
    return routes;
  }

  private static void hello(ServerRequest req, ServerResponse res) {
    res.send("Hello, World!");
  }

  private void json(ServerRequest req, ServerResponse res) throws JsonProcessingException {
    byte[] body = mapper.writeValueAsBytes(new Message("Hello, World!"));
    res.header(HeaderValues.CONTENT_TYPE_JSON).send(body);
  }

  private static void echo(ServerRequest req, ServerResponse res) {
    byte[] body = req.content().hasEntity() ? req.content().as(byte[].class) : new byte[0];
    res.header(HeaderValues.CONTENT_TYPE_OCTET_STREAM).send(body);
  }

  private static void bytes(ServerRequest req, ServerResponse res) {
    res.header(HeaderValues.CONTENT_TYPE_OCTET_STREAM).send(DOWNLOAD);
  }

  private static void stream(ServerRequest req, ServerResponse res) throws IOException {
    res.headers().contentType(MediaTypes.APPLICATION_OCTET_STREAM);
    try (OutputStream out = res.outputStream()) {
      for (int i = 0; i < PIECES; i++) {
        out.write(PIECE);
      }
    }
  }

  private static void block(ServerRequest req, ServerResponse res) throws InterruptedException {
    Thread.sleep(1);
    res.send("Hello, World!");
  }

  /**
   * The answer lasts as long as its handler, so the subscriber's thread waits. Its head goes with
   * the first event, hence an empty one: the sink does not take a comment alone. HTTP/2 has no
   * sink.
   */
  private void events(ServerRequest req, ServerResponse res) throws InterruptedException {
    CountDownLatch left = new CountDownLatch(1);
    try (SseSink sink = res.sink(SseSink.TYPE)) {
      subscribe(sink, left);
      left.await();
    }
  }

  private void subscribe(SseSink sink, CountDownLatch left) {
    publishing.lock();
    try {
      sink.emit(SUBSCRIBED);
      subscribers.put(sink, left);
    } finally {
      publishing.unlock();
    }
  }

  private void publish(ServerRequest req, ServerResponse res) {
    int n = Integer.parseInt(req.path().pathParameters().get("n"));
    publishing.lock();
    try {
      for (int i = 0; i < n; i++) {
        subscribers.forEach(this::emit);
      }
    } finally {
      publishing.unlock();
    }
    res.send();
  }

  private void emit(SseSink sink, CountDownLatch left) {
    try {
      sink.emit(EVENT);
    } catch (RuntimeException e) {
      subscribers.remove(sink);
      left.countDown();
    }
  }
}
