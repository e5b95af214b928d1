package dev.runnel.conformance.websocket;

import static dev.runnel.conformance.websocket.Endpoints.ECHO;
import static dev.runnel.conformance.websocket.Endpoints.ORIGIN_ANY;
import static dev.runnel.conformance.websocket.Endpoints.ORIGIN_LIST;
import static dev.runnel.conformance.websocket.Endpoints.PROTOCOLS;
import static dev.runnel.testing.websocket.Handshake.to;

import dev.runnel.testing.websocket.Handshake;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** RFC 6455 4.2 and 10.2, RFC 8441 5: who gets a session, and what others get. */
final class HandshakeCases {
  private static final String KEY = "Sec-WebSocket-Key";
  private static final String VERSION = "Sec-WebSocket-Version";
  private static final String PROTOCOL = "Sec-WebSocket-Protocol";
  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
  private static final String ORIGIN = "Origin";

  private HandshakeCases() {}

  /** Where a case has a meaning. */
  enum On {
    BOTH,
    HTTP_1,
    HTTP_2
  }

  /**
   * A handshake and what is said to it.
   *
   * @param name what is with it
   * @param on where it has a meaning
   * @param handshake what the client sends
   * @param status 0 for a session
   * @param field one that has to stand in the answer, or null
   * @param value what it has to be; null if it must not be there
   */
  record Shake(
      String name,
      On on,
      Handshake handshake,
      int status,
      @Nullable String field,
      @Nullable String value) {
    boolean fits(Ground ground) {
      return on == On.BOTH || (on == On.HTTP_2) == ground.isHttp2();
    }

    Shake on(On where) {
      return new Shake(name, where, handshake, status, field, value);
    }

    /** The answer has this field; null if it must not. */
    Shake says(String name, @Nullable String value) {
      return new Shake(this.name, on, handshake, status, name, value);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Shake> all() {
    return Stream.of(versions(), keys(), upgrades(), requests(), protocols(), origins(), others())
        .flatMap(part -> part);
  }

  private static Shake opens(String name, Handshake handshake) {
    return new Shake(name, On.BOTH, handshake, 0, null, null);
  }

  private static Shake refused(int status, String name, Handshake handshake) {
    return new Shake(name, On.BOTH, handshake, status, null, null);
  }

  private static Handshake echo() {
    return to(ECHO);
  }

  private static Stream<Shake> versions() {
    return Stream.of(
        opens("a good one", echo()),
        version("no version", echo().without(VERSION)),
        version("version 8", echo().replacing(VERSION, "8")),
        version("version 0", echo().replacing(VERSION, "0")),
        version("version 12", echo().replacing(VERSION, "12")),
        version("version 14", echo().replacing(VERSION, "14")),
        version("version 13 and 8 in one line", echo().replacing(VERSION, "13, 8")),
        version("version 13 twice", echo().with(VERSION, "13")),
        version("version 013", echo().replacing(VERSION, "013")),
        version("version 13.0", echo().replacing(VERSION, "13.0")),
        version("version x", echo().replacing(VERSION, "x")),
        version("an empty version", echo().replacing(VERSION, "")));
  }

  /** RFC 6455 4.2.2: 426, and which version it would be. */
  private static Shake version(String name, Handshake handshake) {
    return refused(426, name, handshake).says(VERSION, "13");
  }

  private static Stream<Shake> keys() {
    return Stream.of(
            refused(400, "no key", echo().without(KEY)),
            refused(400, "an empty key", echo().replacing(KEY, "")),
            refused(400, "a short key", echo().replacing(KEY, "dGhlIHNhbXBsZSBub25j")),
            refused(400, "a key of 15 bytes", echo().replacing(KEY, "dGhlIHNhbXBsZSBub24=")),
            refused(400, "a key of 17 bytes", echo().replacing(KEY, "dGhlIHNhbXBsZSBub25jZWE=")),
            refused(
                400, "a key that is no base64", echo().replacing(KEY, "dGhlIHNhbXBsZSBub25jZ!==")),
            refused(400, "a key of base64url", echo().replacing(KEY, "dGhlIHNhbXBsZSBub25-_Q==")),
            refused(400, "a key without padding", echo().replacing(KEY, "dGhlIHNhbXBsZSBub25jZQ")),
            refused(400, "a key in quotes", echo().replacing(KEY, '"' + Handshake.KEY + '"')),
            refused(400, "two keys", echo().with(KEY, Handshake.KEY)),
            refused(
                400,
                "two keys in one line",
                echo().replacing(KEY, Handshake.KEY + ", " + Handshake.KEY)),
            opens("another key", echo().replacing(KEY, "AAAAAAAAAAAAAAAAAAAAAA==")),
            opens("white space around the key", echo().replacing(KEY, "  " + Handshake.KEY + "\t")))
        .map(shake -> shake.on(On.HTTP_1));
  }

  private static Stream<Shake> upgrades() {
    String connection = "Connection";
    String upgrade = "Upgrade";
    return Stream.of(
            opens("Upgrade: WebSocket", echo().replacing(upgrade, "WebSocket")),
            opens("Upgrade: h2c, websocket", echo().replacing(upgrade, "h2c, websocket")),
            opens(
                "Upgrade in two lines",
                echo().replacing(upgrade, "h2c").with(upgrade, "websocket")),
            opens(
                "Connection: keep-alive, Upgrade",
                echo().replacing(connection, "keep-alive, Upgrade")),
            opens("Connection: UPGRADE", echo().replacing(connection, "UPGRADE")),
            plain("no Upgrade", echo().without(upgrade)),
            plain("no Connection", echo().without(connection)),
            plain("neither", echo().without(upgrade).without(connection)),
            plain("Upgrade: h2c", echo().replacing(upgrade, "h2c")),
            plain("Upgrade: websocket/13", echo().replacing(upgrade, "websocket/13")),
            plain("Upgrade: websockets", echo().replacing(upgrade, "websockets")),
            plain("an empty Upgrade", echo().replacing(upgrade, "")),
            plain("Connection: keep-alive", echo().replacing(connection, "keep-alive")),
            plain("Connection: close", echo().replacing(connection, "close")),
            plain("HTTP/1.0", echo().requestLine("GET /echo HTTP/1.0")))
        .map(shake -> shake.on(On.HTTP_1));
  }

  /** RFC 9110 15.5.22. */
  private static Shake plain(String name, Handshake handshake) {
    return refused(426, name, handshake).says("Upgrade", "websocket");
  }

  private static Stream<Shake> requests() {
    return Stream.of(
        refused(404, "another path", to("/nowhere")),
        opens("a query", to("/echo?a=b%20c")),
        opens("an absolute target", echo().requestLine("GET http://a/echo HTTP/1.1")).on(On.HTTP_1),
        refused(405, "POST", echo().requestLine("POST /echo HTTP/1.1")).on(On.HTTP_1),
        refused(405, "PUT", echo().requestLine("PUT /echo HTTP/1.1")).on(On.HTTP_1),
        refused(405, "DELETE", echo().requestLine("DELETE /echo HTTP/1.1")).on(On.HTTP_1),
        refused(405, "get", echo().requestLine("get /echo HTTP/1.1")).on(On.HTTP_1),
        refused(400, "no Host", echo().without("Host")).on(On.HTTP_1),
        refused(400, "two Hosts", echo().with("Host", "b")).on(On.HTTP_1),
        refused(400, "a body", echo().with("Content-Length", "5").body("hello")).on(On.HTTP_1),
        refused(
                400,
                "a body in chunks",
                echo().with("Transfer-Encoding", "chunked").body("0\r\n\r\n"))
            .on(On.HTTP_1),
        opens("a body of no bytes", echo().with("Content-Length", "0")).on(On.HTTP_1),
        refused(505, "HTTP/2.0", echo().requestLine("GET /echo HTTP/2.0")).on(On.HTTP_1),
        refused(426, "a plain GET", to("/echo").without("Upgrade")).on(On.HTTP_1),
        opens("fields of no meaning", echo().with("X-Any", "1").with("Cookie", "a=b")),
        opens("an Accept of other things", echo().with("Accept", "image/png")));
  }

  private static Stream<Shake> protocols() {
    return Stream.of(
        opens("no sub-protocol", to(PROTOCOLS)).says(PROTOCOL, null),
        opens("one", to(PROTOCOLS).with(PROTOCOL, "v1")).says(PROTOCOL, "v1"),
        opens("our order decides", to(PROTOCOLS).with(PROTOCOL, "v1, v2")).says(PROTOCOL, "v2"),
        opens("in two lines", to(PROTOCOLS).with(PROTOCOL, "v1").with(PROTOCOL, "v2"))
            .says(PROTOCOL, "v2"),
        opens("one that we do not speak", to(PROTOCOLS).with(PROTOCOL, "v3")).says(PROTOCOL, null),
        opens("among others", to(PROTOCOLS).with(PROTOCOL, "v0,v1 , v3")).says(PROTOCOL, "v1"),
        opens("in other letters", to(PROTOCOLS).with(PROTOCOL, "V1")).says(PROTOCOL, null),
        opens("empty members", to(PROTOCOLS).with(PROTOCOL, ", ,v1,")).says(PROTOCOL, "v1"),
        opens("where none is spoken", echo().with(PROTOCOL, "v1")).says(PROTOCOL, null),
        opens("no extension is spoken", echo().with(EXTENSIONS, "permessage-deflate"))
            .says(EXTENSIONS, null),
        refused(400, "malformed extensions", echo().with(EXTENSIONS, "permessage-deflate; =")),
        refused(400, "an extension without name", echo().with(EXTENSIONS, "; a=b")));
  }

  private static Stream<Shake> origins() {
    return Stream.of(
        opens("no Origin", echo()),
        opens("the same host", echo().with(ORIGIN, "http://a")),
        opens("the same host behind a proxy with TLS", echo().with(ORIGIN, "https://a")),
        opens("the same host, in other letters", echo().with(ORIGIN, "http://A")),
        opens("the default port", echo().with(ORIGIN, "http://a:80")),
        refused(403, "another host", echo().with(ORIGIN, "http://b")),
        refused(403, "another port", echo().with(ORIGIN, "http://a:8080")),
        refused(403, "a host that begins so", echo().with(ORIGIN, "http://a.evil.example")),
        refused(403, "a host that ends so", echo().with(ORIGIN, "http://evil-a")),
        refused(403, "a user before the host", echo().with(ORIGIN, "http://a@evil.example")),
        refused(403, "null", echo().with(ORIGIN, "null")),
        refused(403, "an empty Origin", echo().with(ORIGIN, "")),
        refused(403, "no scheme", echo().with(ORIGIN, "a")),
        refused(403, "a path behind it", echo().with(ORIGIN, "http://a/x")),
        refused(
            403,
            "another behind the right one",
            echo().with(ORIGIN, "http://a").with(ORIGIN, "http://b")),
        refused(
            403,
            "the right one behind another",
            echo().with(ORIGIN, "http://b").with(ORIGIN, "http://a")),
        opens("one of a list", to(ORIGIN_LIST).with(ORIGIN, "https://app.example")),
        opens("another of a list", to(ORIGIN_LIST).with(ORIGIN, "http://b:8080")),
        opens("no Origin and a list", to(ORIGIN_LIST)),
        refused(403, "the same host, not in the list", to(ORIGIN_LIST).with(ORIGIN, "http://a")),
        refused(
            403,
            "another scheme than in the list",
            to(ORIGIN_LIST).with(ORIGIN, "http://app.example")),
        refused(
            403, "another port than in the list", to(ORIGIN_LIST).with(ORIGIN, "http://b:8081")),
        refused(403, "null and a list", to(ORIGIN_LIST).with(ORIGIN, "null")),
        opens("any", to(ORIGIN_ANY).with(ORIGIN, "http://evil.example")),
        opens("null where any may", to(ORIGIN_ANY).with(ORIGIN, "null")));
  }

  /** RFC 8441 5: over HTTP/2 the key means nothing, the version does. */
  private static Stream<Shake> others() {
    return Stream.of(
            opens("no key", echo().without(KEY)),
            refused(400, "a plain GET", echo().without("Upgrade")),
            refused(400, "CONNECT for another protocol", echo().replacing("Upgrade", "other")),
            opens("an authority with a port", echo().replacing("Host", "a:80")))
        .map(shake -> shake.on(On.HTTP_2));
  }
}
