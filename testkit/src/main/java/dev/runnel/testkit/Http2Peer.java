package dev.runnel.testkit;

import dev.runnel.io.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A scripted HTTP/2 client: sends these frames, expects those, whatever a real client would do. By
 * itself it acknowledges SETTINGS and answers PINGs, unless told not to (on TCP, while it is used);
 * it never gives the server more window than the 65,535 bytes that all have at first, unless told
 * to.
 *
 * <p>What is expected of a stream is the next frame of that stream that was not taken yet; frames
 * of other streams wait for their turn. WINDOW_UPDATE, SETTINGS and PING stand in nobody's way. A
 * failure shows the frames so far.
 *
 * <p>Waiting lets virtual time pass, up to the patience of the test. For one thread.
 */
public final class Http2Peer implements AutoCloseable {
  private static final byte[] PREFACE = Http2Frame.ascii("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  private static final int LONGEST_PAYLOAD = 16_384;
  private static final int SHOWN = 60;

  private final RawPeer peer;
  private final FrameReader reader = new FrameReader();
  private final List<Http2Frame> waiting = new ArrayList<>();
  private final Deque<String> log = new ArrayDeque<>();
  private long logged;
  private final List<Http2Frame> unanswered = new ArrayList<>();
  private long sent;
  private int nextStream = 1;
  private boolean acknowledging = true;
  private boolean answeringPings = true;

  private Http2Peer(RawPeer peer) {
    this.peer = peer;
    peer.whenCame(this::takeIn);
  }

  /** On a connection of raw bytes, before the preface: {@link #preface()} is the first to send. */
  public static Http2Peer on(RawPeer peer) {
    return new Http2Peer(peer);
  }

  /** The connection. */
  public RawPeer connection() {
    return peer;
  }

  // --- sending ---

  /** Sends the client's preface (RFC 9113 3.4), without SETTINGS. */
  public Http2Peer preface() {
    return bytes(PREFACE);
  }

  /** Sends bytes that need not be frames. */
  public Http2Peer bytes(byte[] bytes) {
    sent(bytes.length + " bytes: " + TraceText.shown(Bytes.copyOf(bytes)), bytes);
    pump();
    return this;
  }

  /** Sends any frame. */
  public Http2Peer frame(int type, int flags, int stream, byte[] payload) {
    send(Http2Frame.of(type, flags, stream, payload));
    return this;
  }

  private void send(Http2Frame frame) {
    sent(frame.toString(), frame.encoded());
    pump();
  }

  private void sent(String what, byte[] bytes) {
    note("> " + what);
    sent += bytes.length;
    peer.sendWithin(bytes);
  }

  /** Sends SETTINGS: identifiers and values in turn (RFC 9113 6.5.2). */
  public Http2Peer settings(int... idsAndValues) {
    ByteBuffer payload = ByteBuffer.allocate(idsAndValues.length * 3);
    for (int i = 0; i < idsAndValues.length; i += 2) {
      payload.putShort((short) idsAndValues[i]).putInt(idsAndValues[i + 1]);
    }
    return frame(Http2Frame.SETTINGS, 0, 0, payload.array());
  }

  /** Sends SETTINGS with ACK. */
  public Http2Peer settingsAck() {
    return frame(Http2Frame.SETTINGS, Http2Frame.ACK, 0, new byte[0]);
  }

  /** A header block of literal fields: names and values in turn, whatever they are. */
  public static byte[] block(String... namesAndValues) {
    return HeaderLiterals.of(namesAndValues);
  }

  /** Sends HEADERS of these names and values; what is too long for a frame goes on in others. */
  public Http2Peer headers(int stream, boolean end, String... namesAndValues) {
    byte[] block = block(namesAndValues);
    int length = Math.min(block.length, LONGEST_PAYLOAD);
    boolean whole = length == block.length;
    headers(stream, end, whole, Arrays.copyOf(block, length));
    for (int at = length; at < block.length; at += LONGEST_PAYLOAD) {
      int until = Math.min(block.length, at + LONGEST_PAYLOAD);
      continuation(stream, until == block.length, Arrays.copyOfRange(block, at, until));
    }
    return this;
  }

  /**
   * Sends HEADERS.
   *
   * @param end whether nothing follows on the stream
   * @param whole whether the block ends here
   */
  public Http2Peer headers(int stream, boolean end, boolean whole, byte[] block) {
    int flags = (end ? Http2Frame.END_STREAM : 0) | (whole ? Http2Frame.END_HEADERS : 0);
    return frame(Http2Frame.HEADERS, flags, stream, block);
  }

  /** Sends CONTINUATION; the last one ends the block. */
  public Http2Peer continuation(int stream, boolean last, byte[] block) {
    return frame(Http2Frame.CONTINUATION, last ? Http2Frame.END_HEADERS : 0, stream, block);
  }

  /**
   * Sends the head of a request on the next stream.
   *
   * @return the stream
   */
  public int request(boolean end, String method, String path, String... namesAndValues) {
    int stream = nextStream;
    nextStream += 2;
    String[] pseudo = {
      ":method", method, ":scheme", "http", ":authority", "localhost", ":path", path
    };
    String[] all = Arrays.copyOf(pseudo, pseudo.length + namesAndValues.length);
    System.arraycopy(namesAndValues, 0, all, pseudo.length, namesAndValues.length);
    headers(stream, end, all);
    return stream;
  }

  /**
   * Sends a GET on the next stream.
   *
   * @return the stream
   */
  public int get(String path) {
    return request(true, "GET", path);
  }

  /** Sends DATA in one frame, whatever windows allow. */
  public Http2Peer data(int stream, boolean end, byte[] content) {
    return frame(Http2Frame.DATA, end ? Http2Frame.END_STREAM : 0, stream, content);
  }

  /** Sends DATA of text as UTF-8. */
  public Http2Peer data(int stream, boolean end, String content) {
    return data(stream, end, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends RST_STREAM with an error code (RFC 9113 7). */
  public Http2Peer reset(int stream, int code) {
    return frame(Http2Frame.RST_STREAM, 0, stream, ints(code));
  }

  /** Sends WINDOW_UPDATE; stream 0 is the connection. */
  public Http2Peer windowUpdate(int stream, int increment) {
    return frame(Http2Frame.WINDOW_UPDATE, 0, stream, ints(increment));
  }

  /** Gives the server so many bytes more, on a stream and on the connection. */
  public Http2Peer grant(int stream, int bytes) {
    return windowUpdate(0, bytes).windowUpdate(stream, bytes);
  }

  /** Sends PING. */
  public Http2Peer ping(long data) {
    return frame(Http2Frame.PING, 0, 0, ByteBuffer.allocate(8).putLong(data).array());
  }

  /** Sends GOAWAY. */
  public Http2Peer goAway(int lastStream, int code) {
    return frame(Http2Frame.GOAWAY, 0, 0, ints(lastStream, code));
  }

  private static byte[] ints(int... values) {
    ByteBuffer out = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      out.putInt(value);
    }
    return out.array();
  }

  /** Whether SETTINGS are acknowledged as they come; on at first. */
  public Http2Peer acknowledging(boolean on) {
    acknowledging = on;
    return this;
  }

  /** Whether PINGs are answered as they come; on at first. */
  public Http2Peer answeringPings(boolean on) {
    answeringPings = on;
    return this;
  }

  // --- receiving ---

  private void pump() {
    peer.runCurrent();
    takeIn();
    peer.runCurrent(); // what it answered
  }

  private void takeIn() {
    reader.add(peer.drain());
    for (Http2Frame frame = reader.next(); frame != null; frame = reader.next()) {
      note("< " + frame);
      waiting.add(frame);
      unanswered.add(frame);
    }
    while (sent > PREFACE.length && !unanswered.isEmpty()) { // SETTINGS come first (RFC 9113 3.4)
      answer(unanswered.remove(0));
    }
  }

  private void answer(Http2Frame frame) {
    if (frame.isAck()) {
      return;
    }
    if (frame.type() == Http2Frame.SETTINGS && acknowledging) {
      reply(Http2Frame.of(Http2Frame.SETTINGS, Http2Frame.ACK, 0, new byte[0]));
    } else if (frame.type() == Http2Frame.PING && answeringPings) {
      reply(new Http2Frame(Http2Frame.PING, Http2Frame.ACK, 0, frame.payload(), List.of()));
    }
  }

  private void reply(Http2Frame frame) {
    sent(frame.toString(), frame.encoded());
  }

  /** All frames that came and were not taken. */
  public List<Http2Frame> unread() {
    pump();
    return List.copyOf(waiting);
  }

  /** Waits for the next frame, whatever it is. */
  public Http2Frame next() {
    return take("a frame", frame -> true);
  }

  /** Waits for the next frame of a stream, which must be HEADERS. */
  public Http2Frame expectHeaders(int stream) {
    return expect(stream, Http2Frame.HEADERS, "HEADERS");
  }

  /** Waits for the next frame of a stream, which must be DATA. */
  public Http2Frame expectData(int stream) {
    return expect(stream, Http2Frame.DATA, "DATA");
  }

  /**
   * Waits for the rest of the content of a stream, up to its end or its trailers.
   *
   * @return the content as UTF-8
   */
  public String expectBody(int stream) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    Http2Frame frame;
    do {
      frame = take("the end of the body on stream " + stream, of(stream));
      if (frame.type() == Http2Frame.DATA) {
        body.writeBytes(frame.content().toByteArray());
      } else if (frame.type() != Http2Frame.HEADERS) {
        throw failure("expected the end of the body on stream " + stream + ", but got " + frame);
      }
    } while (!frame.isLast());
    return body.toString(StandardCharsets.UTF_8);
  }

  /** Waits for the next frame of a stream, which must be RST_STREAM with this code. */
  public Http2Frame expectReset(int stream, int code) {
    String what = "RST_STREAM " + Http2Frame.errorName(code);
    Http2Frame reset = expect(stream, Http2Frame.RST_STREAM, what);
    return demandCode(reset, code, what + " on stream " + stream);
  }

  /** Waits for GOAWAY, whatever comes before, which must have this code. */
  public Http2Frame expectGoAway(int code) {
    String what = "GOAWAY " + Http2Frame.errorName(code);
    return demandCode(take(what, frame -> frame.type() == Http2Frame.GOAWAY), code, what);
  }

  /** Waits for the server's SETTINGS. */
  public Http2Frame expectSettings() {
    return take("SETTINGS", frame -> frame.type() == Http2Frame.SETTINGS && !frame.isAck());
  }

  /** Waits for the acknowledgement of our SETTINGS. */
  public Http2Frame expectSettingsAck() {
    return take("SETTINGS ACK", frame -> frame.type() == Http2Frame.SETTINGS && frame.isAck());
  }

  /** Waits for a PING of the server. */
  public Http2Frame expectPing() {
    return take("PING", frame -> frame.type() == Http2Frame.PING && !frame.isAck());
  }

  /** Waits for the answer to our PING. */
  public Http2Frame expectPingAck(long data) {
    return take(
        "PING ACK",
        frame -> frame.type() == Http2Frame.PING && frame.isAck() && frame.pingData() == data);
  }

  /** Waits for more window on a stream; 0 is the connection. */
  public Http2Frame expectWindowUpdate(int stream) {
    return take(
        "WINDOW_UPDATE on stream " + stream,
        frame -> frame.type() == Http2Frame.WINDOW_UPDATE && frame.stream() == stream);
  }

  /** Waits until the server has ended the connection; frames before it may be left. */
  public void expectClosed() {
    await("the end of the connection", peer::isEnded);
  }

  private Http2Frame expect(int stream, int type, String what) {
    Http2Frame next = take(what + " on stream " + stream, of(stream));
    if (next.type() != type) {
      throw failure("expected " + what + " on stream " + stream + ", but got " + next);
    }
    return next;
  }

  private static Predicate<Http2Frame> of(int stream) {
    return frame -> frame.stream() == stream && frame.type() != Http2Frame.WINDOW_UPDATE;
  }

  private Http2Frame demandCode(Http2Frame frame, int code, String what) {
    if (frame.errorCode() != code) {
      throw failure("expected " + what + ", but got " + frame);
    }
    return frame;
  }

  private Http2Frame take(String what, Predicate<Http2Frame> wanted) {
    await(what, () -> find(wanted) != null || peer.isEnded());
    Http2Frame found = find(wanted);
    if (found == null) {
      throw failure("expected " + what + ", but got the end of the connection");
    }
    waiting.remove(found);
    return found;
  }

  private @Nullable Http2Frame find(Predicate<Http2Frame> wanted) {
    pump();
    for (Http2Frame frame : waiting) {
      if (wanted.test(frame)) {
        return frame;
      }
    }
    return null;
  }

  private void await(String what, BooleanSupplier condition) {
    try {
      peer.await(condition, what);
    } catch (AssertionError e) {
      throw failure(e.getMessage());
    }
  }

  // --- for people ---

  private void note(String line) {
    log.addLast(line);
    logged++;
    if (log.size() > SHOWN) {
      log.removeFirst();
    }
  }

  private AssertionError failure(String message) {
    pump();
    return new AssertionError(message + "; the frames were:" + log());
  }

  /** The last frames both ways, a line each; what was sent has {@code >}, what came {@code <}. */
  public String log() {
    String before = logged > log.size() ? "\n(" + (logged - log.size()) + " before)" : "";
    return before + "\n" + String.join("\n", log);
  }

  /** Closes the connection, without GOAWAY. */
  @Override
  public void close() {
    peer.close();
  }
}
