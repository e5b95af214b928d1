package dev.runnel.testing.websocket;

import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import dev.runnel.testing.http2.Http2Peer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * The request for a session, right (RFC 6455 4.1, RFC 8441 5) unless a wither says otherwise.
 * Immutable.
 */
public final class Handshake {
  /** The key of RFC 6455 1.3. */
  public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String END = "\r\n\r\n";

  /** What HTTP/2 has no use for: RFC 8441 5. */
  private static final List<String> OF_HTTP_1 =
      List.of("sec-websocket-key", "sec-websocket-accept");

  private record Line(String name, String value) {
    boolean is(String other) {
      return name.equalsIgnoreCase(other);
    }
  }

  private final String start;
  private final List<Line> lines;
  private final String body;

  private Handshake(String start, List<Line> lines, String body) {
    this.start = start;
    this.lines = lines;
    this.body = body;
  }

  /** A good request. */
  public static Handshake to(String path) {
    return new Handshake("GET " + path + " HTTP/1.1", List.of(), "")
        .with("Host", "a")
        .with("Connection", "Upgrade")
        .with("Upgrade", "websocket")
        .with("Sec-WebSocket-Key", KEY)
        .with("Sec-WebSocket-Version", "13");
  }

  /** With one more field line. */
  public Handshake with(String name, String value) {
    List<Line> more = new ArrayList<>(lines);
    more.add(new Line(name, value));
    return new Handshake(start, List.copyOf(more), body);
  }

  /** Without any line of this field. */
  public Handshake without(String name) {
    return new Handshake(start, lines.stream().filter(line -> !line.is(name)).toList(), body);
  }

  /** With this line instead of those that the field has. */
  public Handshake replacing(String name, String value) {
    return without(name).with(name, value);
  }

  /** With another request line. */
  public Handshake requestLine(String line) {
    return new Handshake(line, lines, body);
  }

  /** With this behind the head. */
  public Handshake body(String text) {
    return new Handshake(start, lines, text);
  }

  /** In the text of HTTP/1.1. */
  String text(boolean http2) {
    StringBuilder text = new StringBuilder(start).append("\r\n");
    for (Line line : lines) {
      if (!http2 || !OF_HTTP_1.contains(line.name().toLowerCase(Locale.ROOT))) {
        text.append(line.name()).append(": ").append(line.value()).append("\r\n");
      }
    }
    return text.append("\r\n").append(body).toString();
  }

  /** Shakes hands; fails if the server does not, or not as it should. */
  public WsPeer open(Peer peer) {
    Answer answer = ask(peer);
    boolean http2 = peer instanceof Http2Peer;
    if (!isAccepted(answer.status(), http2)) {
      throw new AssertionError("no session but " + answer.head() + answer.body());
    }
    judge(answer, http2);
    return new WsPeer(peer, answer);
  }

  /** Expects another answer than a session, and gives it. */
  public Answer refused(Peer peer) {
    Answer answer = ask(peer);
    if (isAccepted(answer.status(), peer instanceof Http2Peer)) {
      throw new AssertionError("a session, which should be refused: " + answer.head());
    }
    return answer;
  }

  private Answer ask(Peer peer) {
    boolean http2 = peer instanceof Http2Peer;
    peer.send(text(http2).getBytes(StandardCharsets.ISO_8859_1));
    peer.await(p -> p.rest().contains(END), "the head of an answer");
    String rest = peer.rest();
    int status = Integer.parseInt(rest.substring(9, 12));
    if (isAccepted(status, http2)) {
      String head = peer.take(END);
      return new Answer(status, head, "", List.of(), head.length());
    }
    return peer.answer();
  }

  private boolean isAccepted(int status, boolean http2) {
    boolean upgrades = lines.stream().anyMatch(line -> line.is("Upgrade"));
    return http2 ? status == 200 && upgrades : status == 101;
  }

  private void judge(Answer answer, boolean http2) {
    expect(answer, "Upgrade", value -> http2 ? value == null : "websocket".equals(value));
    expect(answer, "Connection", value -> http2 ? value == null : "Upgrade".equals(value));
    expect(
        answer,
        "Sec-WebSocket-Accept",
        value -> http2 ? value == null : accept(values("Sec-WebSocket-Key")).equals(value));
    expect(answer, "Content-Length", value -> value == null);
    expect(answer, "Transfer-Encoding", value -> value == null);
    expect(answer, "Content-Type", value -> value == null);
    expect(answer, "Sec-WebSocket-Version", value -> value == null);
    List<String> offered = splitList(values("Sec-WebSocket-Protocol"));
    expect(answer, "Sec-WebSocket-Protocol", value -> value == null || offered.contains(value));
    String extensions = values("Sec-WebSocket-Extensions");
    expect(
        answer,
        "Sec-WebSocket-Extensions",
        value -> value == null || (!value.isEmpty() && !extensions.isEmpty()));
  }

  private static void expect(Answer answer, String name, Predicate<String> right) {
    if (!right.test(answer.header(name))) {
      throw new AssertionError(
          name + " is wrong in the answer to a handshake: " + answer.header(name));
    }
  }

  private static List<String> splitList(String value) {
    return List.of(value.split("\\s*,\\s*"));
  }

  private String values(String name) {
    return String.join(
        ", ",
        lines.stream().filter(line -> line.is(name)).map(line -> line.value().strip()).toList());
  }

  /** RFC 6455 4.2.2. */
  private static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-1", e);
    }
  }
}
