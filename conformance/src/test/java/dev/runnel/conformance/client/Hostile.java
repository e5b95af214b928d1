package dev.runnel.conformance.client;

import dev.runnel.client.CallOptions;
import dev.runnel.client.CallTimeouts;
import dev.runnel.client.Client;
import dev.runnel.client.ClientBuilder;
import dev.runnel.http.OutgoingRequest;
import dev.runnel.http.Request;
import dev.runnel.testing.TlsFiles;
import dev.runnel.testing.http2.Frame;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.ClientTls;
import dev.runnel.transport.Destination.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** One hostile or broken answer, what has to come of it, and what of its connection. */
final class Hostile {
  private final String name;
  private final HostilePeer.Protocol protocol;
  private final boolean http2;
  private @Nullable Reason reason;
  private List<String> words = List.of();
  private int status;
  private String body = "";
  private boolean kept;
  private int connections;
  private long most = Line.ENDLESS;
  private boolean secure;
  private boolean ownTransport;
  private String path = "/";
  private List<String> refusals = List.of();
  private UnaryOperator<ClientBuilder> client = builder -> builder;
  private UnaryOperator<OutgoingRequest> request = plain -> plain;
  private BiConsumer<Client, String> before = (unused, url) -> {};
  private Runnable check = () -> {};

  private Hostile(String name, HostilePeer.Protocol protocol, boolean http2) {
    this.name = name;
    this.protocol = protocol;
    this.http2 = http2;
  }

  /** A server of HTTP/1.1 that answers like this. */
  static Hostile http1(String name, Http1Line.Script script) {
    return new Hostile("h1: " + name, new Http1Line(script), false);
  }

  /** A server of HTTP/1.1 that sends this, and waits for the client to close. */
  static Hostile http1(String name, String answer) {
    return http1(
        name,
        line -> {
          line.send(answer);
          line.stall();
        });
  }

  /** A server of HTTP/2 whose streams are answered like this. */
  static Hostile http2(String name, Http2Line.Script script) {
    return http2(name, line -> line.send(Frame.settings()), script);
  }

  /** A server of HTTP/2 that begins like this. */
  static Hostile http2(String name, Http2Line.Greeting greeting, Http2Line.Script script) {
    return new Hostile("h2: " + name, new Http2Line.Server(greeting, script), true);
  }

  // --- what has to come of it ---

  /** The call fails for this reason, and its message has these words. */
  Hostile fails(Reason with, String... saying) {
    reason = with;
    words = List.of(saying);
    return this;
  }

  /** The call is answered all the same. */
  Hostile answers(int code, String text) {
    status = code;
    body = text;
    return this;
  }

  /** The next call uses the same connection. */
  Hostile keeps() {
    kept = true;
    return this;
  }

  /** How many connections there are in all with that of the next call, where it is not obvious. */
  Hostile connections(int count) {
    connections = count;
    return this;
  }

  /** The client takes no more bytes than this, with what kernels hold. */
  Hostile takesAtMost(long bytes) {
    most = bytes;
    return this;
  }

  /** A client of HTTP/2 tells the server this, such as {@code RST_STREAM CANCEL}. */
  Hostile tells(String... what) {
    refusals = List.of(what);
    return this;
  }

  /** This holds in the end. */
  Hostile then(Runnable holds) {
    check = holds;
    return this;
  }

  // --- how it is asked ---

  Hostile secure() {
    secure = true;
    return this;
  }

  Hostile path(String target) {
    path = target;
    return this;
  }

  Hostile client(UnaryOperator<ClientBuilder> edit) {
    client = edit;
    return this;
  }

  /** Its client needs a transport of its own. */
  Hostile ownTransport() {
    ownTransport = true;
    return this;
  }

  Hostile request(UnaryOperator<OutgoingRequest> edit) {
    request = edit;
    return this;
  }

  /** Done with the client and the URL before the call. */
  Hostile before(BiConsumer<Client, String> step) {
    before = step;
    return this;
  }

  // --- for the test ---

  HostilePeer peer() throws IOException {
    return new HostilePeer(protocol, secure ? serverTls() : null);
  }

  private static SSLSocketFactory serverTls() {
    try (InputStream in = Files.newInputStream(TlsFiles.file("server.p12"))) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, TlsFiles.PASSWORD.toCharArray());
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, TlsFiles.PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  ClientBuilder client(ClientBuilder builder) {
    if (http2) {
      builder.protocol(Protocol.HTTP_2);
    }
    if (secure) {
      builder.tls(ClientTls.builder().trust(TlsFiles.file("ca.pem")).alpn("http/1.1").build());
    }
    return client.apply(builder);
  }

  OutgoingRequest request(int port) {
    return request.apply(Request.get(url(port, path)));
  }

  /** What is asked afterwards, of the same place, with all the time that it may need. */
  Request next(int port) {
    CallOptions patient = CallOptions.NONE.withTimeouts(CallTimeouts.DEFAULT);
    return Request.get(url(port, "/next")).with(CallOptions.KEY, patient);
  }

  private String url(int port, String target) {
    return (secure ? "https" : "http") + "://127.0.0.1:" + port + target;
  }

  void before(Client made, int port) {
    before.accept(made, url(port, path));
  }

  void check() {
    check.run();
  }

  @Nullable Reason reason() {
    return reason;
  }

  List<String> words() {
    return words;
  }

  int status() {
    return status;
  }

  String body() {
    return body;
  }

  boolean isKept() {
    return kept;
  }

  boolean needsTransport() {
    return ownTransport;
  }

  int connections() {
    return connections != 0 ? connections : kept ? 1 : 2;
  }

  long most() {
    return most;
  }

  List<String> expectedRefusals() {
    return refusals;
  }

  List<String> refusals() {
    return protocol instanceof Http2Line.Server server ? server.refusals() : List.of();
  }

  @Override
  public String toString() {
    return name;
  }
}
