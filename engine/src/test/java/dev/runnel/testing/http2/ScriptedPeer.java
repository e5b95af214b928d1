package dev.runnel.testing.http2;

import dev.runnel.testing.Peer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client that sends the frames it is told to and expects those it is told to. All that comes is
 * held against the rules for servers ({@link ServerWatch}), whether a test looks at it or not.
 *
 * <p>Expectations are strict within a stream: the next frame that nobody took must be the expected
 * one. Between streams any order will do. SETTINGS, PING and WINDOW_UPDATE stand aside and have
 * expectations of their own.
 */
public final class ScriptedPeer implements AutoCloseable {
  /** What a client sends first (RFC 9113 3.4). */
  public static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

  private static final long BARRIER = 0x52_75_6e_6e_65_6cL << 16;

  private final Peer peer;
  private final Inbox inbox;
  private int nextStream = 1;
  private int barriers;

  /** On a fresh connection; nothing is sent yet. */
  public ScriptedPeer(Peer peer) {
    this.peer = peer;
    this.inbox = new Inbox(peer);
    peer.onReceived(inbox::take);
  }

  // --- sending ---

  /** Sends preface and SETTINGS (identifiers and values in turn), and waits for those of both. */
  public ScriptedPeer connect(int... settings) {
    open(settings);
    awaitSettings();
    return this;
  }

  /** Sends preface and SETTINGS without waiting. */
  public ScriptedPeer open(int... settings) {
    return sendBytes(preface(Frame.settings(settings)));
  }

  /** The bytes of the preface with frames behind it, to be sent by {@link #sendBytes}. */
  public byte[] preface(Frame... frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(PREFACE.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(encode(List.of(frames)));
    return out.toByteArray();
  }

  /** Waits for the server's SETTINGS and for its acknowledgement of ours. */
  public Frame awaitSettings() {
    Frame settings = expectSettings();
    expectSettingsAck();
    return settings;
  }

  /** Sends frames in one write. */
  public ScriptedPeer send(Frame... frames) {
    return send(List.of(frames));
  }

  /** Sends frames in one write. */
  public ScriptedPeer send(List<Frame> frames) {
    return sendBytes(encode(frames));
  }

  private byte[] encode(List<Frame> frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Frame frame : frames) {
      inbox.sent(frame);
      if (frame.type() == Frame.HEADERS) {
        nextStream = Math.max(nextStream, (frame.stream() & Integer.MAX_VALUE) + 2);
      }
      out.writeBytes(frame.encode());
    }
    return out.toByteArray();
  }

  /** Sends bytes that need not be frames; windows granted in them are not known to the watch. */
  public ScriptedPeer sendBytes(byte[] bytes) {
    peer.send(bytes);
    inbox.opened();
    return this;
  }

  /** HEADERS as a real client encodes them, with Huffman codes and the dynamic table. */
  public Frame encoded(int stream, boolean end, String... namesAndValues) {
    return Frame.headers(stream, end, inbox.encode(stream, Field.list(namesAndValues)));
  }

  /** The number that a next request of this client has. */
  public int nextStream() {
    return nextStream;
  }

  /** Sends a GET on the next stream. */
  public int get(String path) {
    return request(true, "GET", path);
  }

  /** Sends the head of a request on the next stream. */
  public int request(boolean end, String method, String path, String... namesAndValues) {
    int stream = nextStream;
    send(Frame.request(stream, end, method, path, namesAndValues));
    return stream;
  }

  /** Gives the server this much on a stream and on the connection. */
  public ScriptedPeer grant(int stream, int bytes) {
    return send(Frame.windowUpdate(0, bytes), Frame.windowUpdate(stream, bytes));
  }

  // --- what is done by itself ---

  /** Whether SETTINGS are acknowledged as they come; on at first. */
  public ScriptedPeer acknowledging(boolean on) {
    inbox.acknowledging(on);
    return this;
  }

  /** Whether PINGs are answered as they come; on at first. */
  public ScriptedPeer answeringPings(boolean on) {
    inbox.answeringPings(on);
    return this;
  }

  /** Whether the windows are refilled as DATA comes; off at first. */
  public ScriptedPeer crediting(boolean on) {
    inbox.crediting(on);
    return this;
  }

  // --- expecting ---

  /** The next frame on any stream must be of this type. */
  public Arrival expect(int type) {
    return next(a -> true, FrameText.type(type), a -> a.frame().type() == type);
  }

  /** The next frame, whatever it is. */
  public Arrival expectAny() {
    return next(a -> true, "a frame", a -> true);
  }

  /** The next frame of a stream must be HEADERS. */
  public Arrival expectHeaders(int stream) {
    return nextOf(stream, "HEADERS", a -> a.frame().type() == Frame.HEADERS);
  }

  /** The next frame of a stream must be HEADERS with this status. */
  public Arrival expectStatus(int stream, int status) {
    Arrival head = expectHeaders(stream);
    demand(head.status() == status, "status " + status, head);
    return head;
  }

  /** The next frame of a stream must be DATA. */
  public Arrival expectData(int stream) {
    return nextOf(stream, "DATA", a -> a.frame().type() == Frame.DATA);
  }

  /** The next frame of a stream must be RST_STREAM with this code. */
  public Arrival expectRst(int stream, int code) {
    return nextOf(
        stream,
        "RST_STREAM " + ErrorCode.name(code),
        a -> a.frame().type() == Frame.RST_STREAM && a.frame().code() == code);
  }

  /**
   * The next frame of the connection must be GOAWAY with this code.
   *
   * @return the last stream that the server will have worked on
   */
  public int expectGoAway(int code) {
    Arrival goAway =
        nextOf(
            0,
            "GOAWAY " + ErrorCode.name(code),
            a -> a.frame().type() == Frame.GOAWAY && a.frame().code() == code);
    return goAway.frame().intAt(0);
  }

  /**
   * GOAWAY with this code must come, whatever comes before it.
   *
   * @return the last stream that the server will have worked on
   */
  public int awaitGoAway(int code) {
    String what = "GOAWAY " + ErrorCode.name(code);
    Predicate<Arrival> isGoAway = a -> a.frame().type() == Frame.GOAWAY;
    Arrival goAway = next(isGoAway, what, a -> isGoAway.test(a) && a.frame().code() == code);
    return goAway.frame().intAt(0);
  }

  /** A connection error (RFC 9113 5.4.1): GOAWAY with this code, then the end. */
  public void expectConnectionError(int code) {
    Arrival found =
        next(a -> a.stream() == 0, "GOAWAY " + ErrorCode.name(code), a -> a.stream() == 0);
    boolean right = found.frame().type() == Frame.GOAWAY && found.frame().code() == code;
    demand(right, "GOAWAY " + ErrorCode.name(code), found);
    awaitEnd();
  }

  /** The connection must end with nothing before that nobody took. */
  public void expectClosed() {
    awaitEnd();
    demandNothing();
  }

  /** Waits for the end of the connection, whatever comes before it. */
  public void awaitEnd() {
    await(peer::isEnded, "the connection to end");
  }

  /** All that was sent has been looked at, and nothing came of it. */
  public void expectNothing() {
    settle();
    demandNothing();
  }

  private void demandNothing() {
    Arrival next = inbox.poll(a -> true);
    demand(next == null, "nothing", next);
  }

  /** Waits until the server has looked at all that was sent: it answers a PING in its turn. */
  public ScriptedPeer settle() {
    long data = BARRIER + barriers++;
    send(Frame.ping(data));
    expectPong(data);
    return this;
  }

  /** The server's SETTINGS. */
  public Frame expectSettings() {
    return aside("SETTINGS", f -> f.type() == Frame.SETTINGS && !f.has(Frame.ACK));
  }

  /** The server's acknowledgement of ours. */
  public Frame expectSettingsAck() {
    return aside("SETTINGS with ACK", f -> f.type() == Frame.SETTINGS && f.has(Frame.ACK));
  }

  /** A PING of the server. */
  public Frame expectPing() {
    return aside("PING", f -> f.type() == Frame.PING && !f.has(Frame.ACK));
  }

  /** The server's answer to a PING of ours. */
  public Frame expectPong(long data) {
    byte[] bytes = Frame.ping(data).payload();
    return aside(
        "PING with ACK",
        f -> f.type() == Frame.PING && f.has(Frame.ACK) && Arrays.equals(f.payload(), bytes));
  }

  /** The increment of the next WINDOW_UPDATE on a stream. */
  public int expectWindowUpdate(int stream) {
    return aside(
            "WINDOW_UPDATE " + stream, f -> f.type() == Frame.WINDOW_UPDATE && f.stream() == stream)
        .intAt(0);
  }

  /** The whole response on a stream. */
  public Reply response(int stream) {
    List<Arrival> informational = new ArrayList<>();
    Arrival head = expectHeaders(stream);
    while (head.status() < 200) {
      informational.add(head);
      head = expectHeaders(stream);
    }
    StringBuilder body = new StringBuilder();
    List<Field> trailers = head.ends() ? List.of() : content(stream, body);
    return new Reply(head, body.toString(), trailers, informational);
  }

  /** What is left of the content on a stream whose HEADERS were taken. */
  public String restOf(int stream) {
    StringBuilder body = new StringBuilder();
    List<Field> unused = content(stream, body);
    return body.toString();
  }

  /** Appends the content up to its end, and gives the trailers. */
  private List<Field> content(int stream, StringBuilder body) {
    while (true) {
      Arrival next =
          nextOf(
              stream,
              "DATA or trailers",
              a -> a.frame().type() == Frame.DATA || a.frame().type() == Frame.HEADERS);
      if (next.frame().type() == Frame.HEADERS) {
        return next.fields();
      }
      body.append(next.text());
      if (next.ends()) {
        return List.of();
      }
    }
  }

  private Arrival nextOf(int stream, String what, Predicate<Arrival> expected) {
    Predicate<Arrival> candidate =
        a -> a.stream() == stream || (a.frame().type() == Frame.GOAWAY && isRefusal(a, stream));
    return next(
        candidate, what + " on stream " + stream, a -> a.stream() == stream && expected.test(a));
  }

  /** A GOAWAY that says that nothing more will come. */
  private static boolean isRefusal(Arrival goAway, int stream) {
    return goAway.frame().code() != ErrorCode.NO_ERROR || stream > goAway.frame().intAt(0);
  }

  private Arrival next(Predicate<Arrival> candidate, String what, Predicate<Arrival> expected) {
    Arrival[] found = new Arrival[1];
    await(
        () -> {
          found[0] = inbox.poll(candidate);
          return found[0] != null || peer.isEnded();
        },
        what);
    demand(found[0] != null && expected.test(found[0]), what, found[0]);
    return found[0];
  }

  private Frame aside(String what, Predicate<Frame> wanted) {
    Frame[] found = new Frame[1];
    await(
        () -> {
          found[0] = inbox.pollAside(wanted);
          return found[0] != null || peer.isEnded();
        },
        what);
    demand(found[0] != null, what, null);
    return found[0];
  }

  /** Lets the server work until this holds, or fails with the log. */
  public void await(BooleanSupplier condition, String what) {
    try {
      peer.await(
          p -> {
            inbox.take();
            return inbox.failure() != null || condition.getAsBoolean();
          },
          "for " + what);
    } catch (AssertionError e) {
      throw failed("expected " + what + ", but waited in vain", e);
    }
    if (inbox.failure() != null) {
      throw failed("expected " + what, inbox.failure());
    }
  }

  private void demand(boolean holds, String what, @Nullable Arrival found) {
    if (!holds) {
      String got = found == null ? "the end of the connection" : found.toString();
      throw failed("expected " + what + ", but got " + got, inbox.failure());
    }
  }

  private AssertionError failed(String message, @Nullable Throwable cause) {
    return new AssertionError(message + "; the frames were:\n" + inbox.log(), cause);
  }

  // --- looking ---

  /** How many frames of a type ever came; a block with its CONTINUATIONs is one. */
  public int count(int type) {
    return inbox.count(type);
  }

  /** How many RST_STREAM with this code ever came. */
  public int countRst(int code) {
    return inbox.countRst(code);
  }

  /** How many bytes of DATA we still allow the server on all streams together. */
  public long allowance() {
    return inbox.left();
  }

  /** How many bytes of DATA the server allows on a stream now; on 0, on all together. */
  public int room(int stream) {
    return inbox.room(stream);
  }

  /** The next frame of a stream that has come and was not taken, or null; does not wait. */
  public @Nullable Arrival poll(int stream) {
    return inbox.poll(a -> a.stream() == stream);
  }

  /** Whether the connection has ended. */
  public boolean isEnded() {
    return peer.isEnded();
  }

  /** What is below. */
  public Peer peer() {
    return peer;
  }

  /** The last frames both ways. */
  public String log() {
    return inbox.log();
  }

  /** Closes the connection; fails if the server ever broke a rule. */
  @Override
  public void close() {
    peer.close();
    inbox.close();
    if (inbox.failure() != null) {
      throw failed("the server broke the protocol", inbox.failure());
    }
  }
}
