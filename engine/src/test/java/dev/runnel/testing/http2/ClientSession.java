package dev.runnel.testing.http2;

import dev.runnel.testing.http2.RequestText.Head;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of a connection. As honest as a good client: it opens no more streams than
 * allowed, sends into windows only, and credits what it takes. Knows bytes, but no transport.
 */
final class ClientSession implements RequestText.Sink {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** RFC 9113 6.9.2. */
  private static final int WINDOW = 65_535;

  /** RFC 9113 4.2, and we never allow more. */
  private static final int MAX_FRAME = 16_384;

  /** RFC 9113 6.5.2 recommends servers to allow so many: what we open before we know. */
  private static final int STREAMS_UNTOLD = 100;

  private final RequestText requests = new RequestText(this);
  private final FrameParser parser = new FrameParser();
  private final HeaderCoder coder = new HeaderCoder();
  private final FrameLog log = new FrameLog();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Transcript transcript = new Transcript();
  private final Deque<ClientStream> waiting = new ArrayDeque<>();
  private final Map<Integer, ClientStream> open = new LinkedHashMap<>();
  private final List<Frame> resets = new ArrayList<>();
  private final List<Frame> goAways = new ArrayList<>();
  private final List<Frame> heldPings = new ArrayList<>();
  private final String scheme;
  private @Nullable HeaderBlock block;
  private @Nullable String violation;
  private int nextId = 1;
  private int lastAllowed = Integer.MAX_VALUE;
  private int maxStreams = STREAMS_UNTOLD;
  private int streamWindow = WINDOW;
  private int maxFrame = MAX_FRAME;
  private long sendWindow = WINDOW;
  private long receiveWindow = WINDOW;
  private long uncredited;
  private boolean reading = true;
  private boolean holdsPings;
  private boolean greeted;
  private boolean mayConnect;
  private boolean ignoresStreamLimit;

  /** HEADERS and its CONTINUATIONs so far. */
  private record HeaderBlock(Frame first, ByteArrayOutputStream bytes) {}

  ClientSession(String scheme) {
    this.scheme = scheme;
    out.writeBytes(PREFACE);
    put(Frame.settings(Setting.ENABLE_PUSH, 0));
  }

  // --- what the test asks for ---

  /** Text of HTTP/1.1 requests, cut anywhere. */
  void request(byte[] text) {
    requests.add(text);
    pump();
  }

  @Override
  public void head(Head head) {
    ClientStream stream = new ClientStream(head);
    transcript.add(stream);
    waiting.add(stream);
  }

  @Override
  public void data(byte[] bytes) {
    transcript.latest().queue(bytes);
  }

  @Override
  public void end(List<Field> trailers) {
    transcript.latest().complete(trailers);
  }

  @Override
  public boolean tunnels() {
    return transcript.latest().tunnels();
  }

  /** Ends our half of the tunnel, if there is one. */
  boolean endTunnel() {
    if (transcript.isEmpty() || !tunnels()) {
      return false;
    }
    transcript.latest().complete(List.of());
    pump();
    return true;
  }

  void reading(boolean on) {
    reading = on;
    if (on) {
      creditConnection(1);
      open.values().forEach(stream -> credit(stream, 1));
    }
  }

  /** Gives up all streams that are open. */
  void resetAll() {
    List.copyOf(open.values()).forEach(this::reset);
    waiting.forEach(stream -> stream.resetByUs = true);
    waiting.forEach(stream -> stream.reset(ErrorCode.CANCEL));
    waiting.clear();
    requests.restart();
    transcript.tell();
  }

  /** Gives up the stream of a request that is open. */
  void reset(int request) {
    reset(transcript.get(request));
    pump();
    transcript.tell();
  }

  private void reset(ClientStream stream) {
    stream.resetByUs = true;
    put(Frame.rst(stream.id, ErrorCode.CANCEL));
    close(stream, ErrorCode.CANCEL);
  }

  void nextRequest() {
    requests.restart();
  }

  void holdPings(boolean on) {
    holdsPings = on;
    if (!on) {
      heldPings.forEach(ping -> put(Frame.pong(ping.payload())));
      heldPings.clear();
    }
  }

  // --- what the test asks about ---

  Transcript transcript() {
    return transcript;
  }

  boolean isGreeted() {
    return greeted;
  }

  List<Frame> resets() {
    return List.copyOf(resets);
  }

  List<Frame> goAways() {
    return List.copyOf(goAways);
  }

  boolean hasHeldPings() {
    return !heldPings.isEmpty();
  }

  int openStreams() {
    return open.size();
  }

  String log() {
    return log.toString();
  }

  void check() {
    if (violation != null) {
      throw new AssertionError(violation + log);
    }
  }

  /** Takes what is to be sent. */
  byte[] takeOutput() {
    byte[] bytes = out.toByteArray();
    out.reset();
    return bytes;
  }

  // --- sending ---

  private void put(Frame frame) {
    log.sent(frame.toString());
    out.writeBytes(frame.encode());
  }

  private void pump() {
    while (!waiting.isEmpty() && mayOpen(waiting.element())) {
      open(waiting.remove());
    }
    for (ClientStream stream : List.copyOf(open.values())) {
      sendBody(stream);
    }
  }

  void ignoreStreamLimit() {
    ignoresStreamLimit = true;
  }

  private boolean mayOpen(ClientStream next) {
    if (next.head.value("upgrade") != null && !mayConnect) {
      if (greeted) {
        violation = "no ENABLE_CONNECT_PROTOCOL, which an upgrade needs (RFC 8441 3)";
      }
      return false; // until the settings of the server say so
    }
    return (open.size() < maxStreams || ignoresStreamLimit) && nextId <= lastAllowed;
  }

  private void open(ClientStream stream) {
    stream.id = nextId;
    nextId += 2;
    stream.window = streamWindow;
    stream.receiveWindow = WINDOW;
    open.put(stream.id, stream);
    stream.sentEnd = stream.endsWithHead();
    putHeaders(stream, RequestHeaders.of(stream.head, scheme));
  }

  private void putHeaders(ClientStream stream, List<Field> fields) {
    byte[] bytes = coder.encode(stream.id, fields);
    int at = Math.min(bytes.length, maxFrame);
    int flags =
        (at == bytes.length ? Frame.END_HEADERS : 0) | (stream.sentEnd ? Frame.END_STREAM : 0);
    Frame first = new Frame(Frame.HEADERS, flags, stream.id, Arrays.copyOf(bytes, at));
    log.sent(first.toString(fields));
    out.writeBytes(first.encode());
    while (at < bytes.length) {
      int until = Math.min(bytes.length, at + maxFrame);
      put(
          Frame.continuation(
              stream.id, until == bytes.length, Arrays.copyOfRange(bytes, at, until)));
      at = until;
    }
  }

  private void sendBody(ClientStream stream) {
    while (stream.hasData() && stream.window > 0 && sendWindow > 0) {
      byte[] piece = stream.nextData(Math.min(maxFrame, Math.min(stream.window, sendWindow)));
      stream.window -= piece.length;
      sendWindow -= piece.length;
      stream.sentEnd = stream.endsWithHead();
      put(Frame.data(stream.id, stream.sentEnd, piece));
    }
    if (stream.isAtEnd()) {
      stream.sentEnd = true;
      if (stream.trailers().isEmpty()) {
        put(Frame.data(stream.id, true, ""));
      } else {
        putHeaders(stream, stream.trailers());
      }
    }
    if (stream.isClosed()) {
      open.remove(stream.id);
    }
  }

  // --- receiving ---

  void received(byte[] bytes) {
    if (violation != null) {
      return;
    }
    try {
      parser.add(bytes);
      for (Frame frame = parser.next(); frame != null; frame = parser.next()) {
        take(frame);
      }
      pump();
      transcript.tell();
    } catch (ProtocolViolation | AssertionError e) {
      violation = e.getMessage();
    }
  }

  private void take(Frame frame) {
    if (frame.type() != Frame.HEADERS && frame.type() != Frame.CONTINUATION) {
      log.received(frame.toString());
    }
    check(greeted || frame.type() == Frame.SETTINGS, "something before its SETTINGS: ", frame);
    check(frame.payload().length <= MAX_FRAME, "a frame that is too large: ", frame);
    check(
        block == null || frame.type() == Frame.CONTINUATION,
        "a frame within a header block: ",
        frame);
    switch (frame.type()) {
      case Frame.DATA -> data(frame);
      case Frame.HEADERS -> {
        block = new HeaderBlock(frame, new ByteArrayOutputStream());
        block(frame);
      }
      case Frame.CONTINUATION -> block(frame);
      case Frame.RST_STREAM -> reset(frame);
      case Frame.SETTINGS -> settings(frame);
      case Frame.PING -> ping(frame);
      case Frame.GOAWAY -> goAway(frame);
      case Frame.WINDOW_UPDATE -> windowUpdate(frame);
      default -> check(false, "a frame that no server sends to us: ", frame);
    }
  }

  private void data(Frame frame) {
    int size = frame.payload().length;
    receiveWindow -= size;
    uncredited += size;
    check(receiveWindow >= 0, "more than the window of the connection: ", frame);
    creditConnection(WINDOW / 2);
    ClientStream stream = known(frame);
    if (stream != null) {
      stream.receiveWindow -= size;
      stream.uncredited += size;
      check(stream.receiveWindow >= 0, "more than the window of the stream: ", frame);
      stream.answer.data(frame.content(), frame.ends());
      closeIfDone(stream);
      credit(stream, WINDOW / 2);
    }
  }

  private void creditConnection(long from) {
    if (reading && uncredited >= from) {
      put(Frame.windowUpdate(0, (int) uncredited));
      receiveWindow += uncredited;
      uncredited = 0;
    }
  }

  private void credit(ClientStream stream, long from) {
    if (reading && stream.uncredited >= from && !stream.answer.isEnded()) {
      put(Frame.windowUpdate(stream.id, (int) stream.uncredited));
      stream.receiveWindow += stream.uncredited;
      stream.uncredited = 0;
    }
  }

  private void block(Frame frame) {
    HeaderBlock gathered = block;
    if (gathered == null || gathered.first.stream() != frame.stream()) {
      throw new ProtocolViolation("the server sent a CONTINUATION of nothing: " + frame);
    }
    gathered.bytes.writeBytes(frame.content());
    if (frame.has(Frame.END_HEADERS)) {
      block = null;
      List<Field> fields = coder.decode(frame.stream(), gathered.bytes.toByteArray());
      log.received(gathered.first.toString(fields));
      ClientStream stream = known(gathered.first);
      if (stream != null) {
        stream.answer.headers(fields, gathered.first.ends());
        closeIfDone(stream);
      }
    }
  }

  /** The stream, unless we have given it up: what was on its way then is to be ignored. */
  private @Nullable ClientStream known(Frame frame) {
    ClientStream stream = open.get(frame.stream());
    if (stream == null) {
      int id = frame.stream();
      check(id > 0 && id % 2 == 1 && id < nextId, "a frame of an idle stream: ", frame);
      check(transcript.isResetByUs(id), "a frame of a closed stream: ", frame);
    }
    return stream;
  }

  private void closeIfDone(ClientStream stream) {
    if (stream.isClosed()) {
      open.remove(stream.id);
    } else if (stream.answer.isEnded() && stream.head.asksForConnection()) {
      stream.complete(List.of()); // what was no tunnel, or has ended at the other side
    }
  }

  private void close(ClientStream stream, int code) {
    stream.reset(code);
    open.remove(stream.id);
  }

  private void reset(Frame frame) {
    check(frame.stream() % 2 == 1 && frame.stream() < nextId, "a reset of an idle stream: ", frame);
    resets.add(frame);
    ClientStream stream = open.get(frame.stream());
    if (stream != null) {
      close(stream, frame.code());
    }
  }

  private void settings(Frame frame) {
    if (frame.has(Frame.ACK)) {
      return;
    }
    greeted = true;
    Map<Integer, Integer> values = frame.values();
    maxStreams = values.getOrDefault(Setting.MAX_CONCURRENT_STREAMS, maxStreams);
    maxFrame = values.getOrDefault(Setting.MAX_FRAME_SIZE, maxFrame);
    mayConnect = values.getOrDefault(Setting.ENABLE_CONNECT_PROTOCOL, mayConnect ? 1 : 0) == 1;
    int window = values.getOrDefault(Setting.INITIAL_WINDOW_SIZE, streamWindow);
    int change = window - streamWindow;
    streamWindow = window;
    open.values().forEach(stream -> stream.window += change);
    if (values.containsKey(Setting.HEADER_TABLE_SIZE)) {
      coder.encoderTable(
          Math.min(4096, Integer.toUnsignedLong(values.get(Setting.HEADER_TABLE_SIZE))));
    }
    put(Frame.settingsAck());
  }

  private void ping(Frame frame) {
    if (frame.has(Frame.ACK)) {
      return;
    }
    if (holdsPings) {
      heldPings.add(frame);
    } else {
      put(Frame.pong(frame.payload()));
    }
  }

  /** RFC 9113 6.8: what is above was not looked at, and may be asked for again elsewhere. */
  private void goAway(Frame frame) {
    goAways.add(frame);
    check(frame.intAt(0) <= lastAllowed, "a GOAWAY that takes more than the one before: ", frame);
    lastAllowed = frame.intAt(0);
    for (ClientStream stream : List.copyOf(open.values())) {
      if (stream.id > lastAllowed) {
        close(stream, ErrorCode.REFUSED_STREAM);
      }
    }
  }

  private void windowUpdate(Frame frame) {
    int increment = frame.intAt(0);
    check(increment > 0, "an increment that is none: ", frame);
    if (frame.stream() == 0) {
      sendWindow += increment;
      check(sendWindow <= Integer.MAX_VALUE, "a window that is too large: ", frame);
      return;
    }
    ClientStream stream = open.get(frame.stream());
    if (stream != null) {
      stream.window += increment;
      check(stream.window <= Integer.MAX_VALUE, "a window that is too large: ", frame);
    }
  }

  private static void check(boolean good, String complaint, Frame frame) {
    if (!good) {
      throw new ProtocolViolation("the server sent " + complaint + frame);
    }
  }
}
