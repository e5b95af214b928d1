package dev.runnel.engine.internal.h2;

import dev.runnel.engine.internal.exchange.DeadlineSweep.Deadline;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One stream: its state, its two windows, what was received and not taken, what is to be sent and
 * may not yet. The same for both ends; what a stream is for is in its subclasses.
 */
abstract class Http2Stream {
  /** No head came, before which there is no content. */
  private static final int NO_HEAD = -2;

  final int id;
  final Http2Connection connection;

  // Of the scheduler: the ring that this stream stands in.
  @Nullable Http2Stream next;
  @Nullable Http2Stream previous;
  int priority = Priority.DEFAULT;

  private StreamState state;
  private int sendWindow;
  private @Nullable Outflow outflow;
  private boolean writerWaits;
  private int receiveWindow;
  private int windowSize;
  private int taken;
  private @Nullable Inflow inflow;
  private long expected = -1;
  private long received;
  private boolean receivedEnd;
  private @Nullable Deadline silence;
  private @Nullable Deadline stall;
  private boolean stalls;

  /**
   * @param receiveWindow what the peer may send before we say more
   */
  Http2Stream(
      int id, Http2Connection connection, StreamState state, int sendWindow, int receiveWindow) {
    this.id = id;
    this.connection = connection;
    this.state = state;
    this.sendWindow = sendWindow;
    this.receiveWindow = receiveWindow;
    this.windowSize = connection.options().streamWindow();
  }

  StreamState state() {
    return state;
  }

  // --- what the subclass is told ---

  /** A header block behind the first one. */
  abstract void headers(HeaderFields fields, boolean end) throws Http2Error;

  /** Bytes of the content, or its end, came. */
  abstract void inputCame();

  /** The peer sent nothing for too long although somebody waits. */
  abstract void inputStalled();

  /** A waiting writer may go on. */
  abstract void outputWritable();

  /** The peer gave no room for too long. */
  abstract void outputStalled();

  /**
   * The stream ended before its time: reset by either side, or with the connection. It is closed
   * already.
   */
  abstract void lost(Loss loss);

  /** The stream is closed, in whatever way. */
  void left() {}

  /** A header block came that is larger than allowed; it is not there any more. */
  void headersTooLarge() throws Http2Error {
    throw Http2Error.stream(id, ErrorCode.PROTOCOL_ERROR, "trailers above the limit");
  }

  /** Whether what was received stays there to be taken, however the stream ends. */
  boolean keepsInput() {
    return false;
  }

  /** The peer closed its half of the connection; says whether the stream goes on all the same. */
  abstract boolean outlivesInput();

  // --- receiving ---

  /** Says that a head has to come first. */
  final void expectHead() {
    expected = NO_HEAD;
  }

  /** Says how long the content is to be; -1 is unknown. */
  final void expect(long length) {
    expected = length;
  }

  final void receive(ByteBuf in, int length, int flow, boolean end) throws Http2Error {
    if (!state.receives() || expected == NO_HEAD) {
      throw misplaced();
    }
    receiveWindow -= flow;
    if (receiveWindow < 0) {
      throw Http2Error.stream(
          id, ErrorCode.FLOW_CONTROL_ERROR, "more DATA than the window of stream " + id);
    }
    received += length;
    boolean wrong = expected >= 0 && (end ? received != expected : received > expected);
    if (wrong) {
      throw Http2Error.stream(
          id, ErrorCode.PROTOCOL_ERROR, "DATA does not make the announced content-length");
    }
    if (length > 0) {
      hold(in, length);
    }
    taken += flow - length; // padding is nobody's
    if (end) {
      receivedEnd();
    } else if (flow > length) {
      credit();
    }
    if (length > 0 || end) { // else whoever waits does so as before
      Deadlines.disarm(connection, silence);
      inputCame();
    }
  }

  private Http2Error misplaced() {
    if (state == StreamState.RESERVED_REMOTE) { // RFC 9113 5.1
      return Http2Error.connection(
          ErrorCode.PROTOCOL_ERROR, "DATA on stream " + id + ", which is only promised");
    }
    return state.receives()
        ? Http2Error.stream(id, ErrorCode.PROTOCOL_ERROR, "DATA before the head of an answer")
        : Http2Error.stream(id, ErrorCode.STREAM_CLOSED, "DATA behind the end of stream " + id);
  }

  private void hold(ByteBuf in, int length) {
    Inflow held = inflow;
    if (held == null) {
      held = new Inflow();
      inflow = held;
    }
    held.add(in, length);
    connection.held(length);
  }

  /** The promised head came. */
  final void receivedHeaders() {
    if (state == StreamState.RESERVED_REMOTE) {
      state = state.on(StreamState.Event.RECEIVE_HEADERS);
    }
  }

  /** The peer has sent its end, by DATA or HEADERS. */
  final void receivedEnd() throws Http2Error {
    if (expected >= 0 && received != expected) {
      throw Http2Error.stream(
          id, ErrorCode.PROTOCOL_ERROR, "DATA does not make the announced content-length");
    }
    receivedEnd = true;
    Deadlines.disarm(connection, silence);
    state = state.on(StreamState.Event.RECEIVE_END);
    if (state == StreamState.CLOSED) {
      connection.forget(this);
    }
  }

  /**
   * The peer learned that its window is so much smaller; what it had sent by then it was free to.
   */
  final void narrow(int less) {
    receiveWindow -= less;
    credit();
  }

  /** How much the peer may still send. */
  final int receiveWindow() {
    return receiveWindow;
  }

  final boolean hasInput() {
    return inflow != null && inflow.size() > 0;
  }

  final int inputSize() {
    return inflow == null ? 0 : inflow.size();
  }

  /** Whether the peer has sent its end. */
  final boolean hasReceivedEnd() {
    return receivedEnd;
  }

  /** Whether nothing comes any more, and all that came was taken. */
  final boolean isInputEnded() {
    return !state.receives() && !hasInput();
  }

  /** What came, if something did; its room is given back to the peer. */
  final @Nullable Bytes takeInput() {
    Bytes bytes = inflow == null ? null : inflow.take();
    if (bytes != null) {
      connection.held(-bytes.length());
      taken += bytes.length();
      credit();
    }
    return bytes;
  }

  /** Drops what came and was not taken; its room is not given back. */
  final void dropInput() {
    if (inflow != null) {
      connection.held(-inflow.size());
      inflow = null;
    }
  }

  /**
   * Gives room back in halves of a window. Whoever keeps up with the peer gets a larger one, since
   * a window is all that can be on its way at a time.
   */
  private void credit() {
    boolean enough = expected >= 0 && expected - received <= receiveWindow;
    if (!state.receives() || enough || taken < windowSize / 2) {
      return;
    }
    int wider = Math.min(2 * windowSize, connection.options().maxStreamWindow());
    int increment = taken;
    if (!hasInput() && wider > windowSize) {
      increment += wider - windowSize;
      windowSize = wider;
    }
    taken = 0;
    receiveWindow += increment;
    connection.writer().windowUpdate(id, increment);
  }

  /** Somebody waits for bytes of the peer. */
  final void awaitInput(Duration patience) {
    if (silence == null) {
      silence = new Deadline(this::inputStalled);
    }
    Deadlines.arm(connection, silence, patience);
  }

  // --- sending ---

  /** Whether more may be handed over; if not, the stream is told when it may. */
  final boolean isWritable() {
    if (!state.sends()) {
      return true; // nothing would be kept
    }
    if (isFlushed() && mayHandOver()) {
      return true;
    }
    writerWaits = true;
    await();
    return false;
  }

  /** Whether only the peer can make it go on, by WINDOW_UPDATE or SETTINGS. */
  final boolean awaitsWindow() {
    boolean full = sendWindow <= 0 || connection.scheduler().window <= 0;
    return full && state.sends() && (writerWaits || !isFlushed());
  }

  private boolean isFlushed() {
    return outflow == null || outflow.isEmpty();
  }

  /**
   * A window that is used up is no reason to wait before anything is kept: what the writer wants
   * may be to end, which needs no window (RFC 9113 6.9.1), and a peer that has all it asked for
   * opens none.
   */
  private boolean mayHandOver() {
    boolean full = sendWindow <= 0 || connection.scheduler().window <= 0;
    return full ? connection.link().writable() : connection.scheduler().mayWrite(this);
  }

  /** A header block was sent. */
  final void sentHeaders(boolean end) {
    state = state.on(StreamState.Event.SEND_HEADERS);
    if (end) {
      sentEnd();
    }
  }

  /** Sends bytes as far as windows and link allow, and keeps the rest. */
  final void send(Bytes bytes, boolean end) {
    if (!state.sends()) {
      return;
    }
    Bytes rest = bytes;
    if (isFlushed() && connection.scheduler().mayWrite(this)) {
      int count = sendable(bytes.length());
      rest = bytes.slice(count, bytes.length());
      write(bytes.slice(0, count), end && rest.isEmpty());
    }
    if (!rest.isEmpty()) {
      keep().add(rest);
      if (end) {
        keep().end(Headers.EMPTY);
      }
      await();
    }
  }

  /** Ends our side behind all that was sent. */
  final void finish(Headers trailers) {
    if (!state.sends()) {
      return;
    }
    if (isFlushed()) {
      sendEnd(trailers);
    } else {
      keep().end(trailers);
    }
  }

  /** Drops what was not sent, and sends no more; our side stays open. */
  final void dropOutput() {
    connection.scheduler().remove(this);
    writerWaits = false;
    if (outflow != null) {
      outflow.clear();
      outflow = null;
    }
    progressed();
  }

  private Outflow keep() {
    Outflow made = outflow;
    if (made == null) {
      made = new Outflow();
      outflow = made;
    }
    return made;
  }

  private int sendable(int wanted) {
    return Math.max(0, Math.min(wanted, Math.min(sendWindow, connection.scheduler().window)));
  }

  private void write(Bytes bytes, boolean end) {
    int length = bytes.length();
    int at = 0;
    while (at < length) {
      int count = Math.min(Frame.MAX_PAYLOAD, length - at);
      boolean last = end && at + count == length;
      connection
          .writer()
          .data(id, Bytes.Unsafe.array(bytes), Bytes.Unsafe.offset(bytes) + at, count, last);
      connection.guard().dataSent();
      at += count;
    }
    if (length > 0) {
      sendWindow -= length;
      connection.scheduler().sent(length);
      progressed();
    }
    if (end) {
      sentEnd();
    }
  }

  private void sendEnd(Headers trailers) {
    if (trailers.isEmpty()) {
      connection.writer().data(id, new byte[0], 0, 0, true);
    } else {
      connection.writeTrailers(id, trailers);
    }
    sentEnd();
  }

  private void sentEnd() {
    progressed();
    state = state.on(StreamState.Event.SEND_END);
    if (state == StreamState.CLOSED) {
      connection.forget(this);
    } else {
      endedOutput();
    }
  }

  /** Our side has ended before the peer's. */
  abstract void endedOutput();

  /** Stands for a turn, if the peer lets this stream have one. */
  private void await() {
    if (sendWindow > 0) {
      connection.scheduler().add(this);
    }
    if (stall == null) {
      stall = new Deadline(this::outputStalled);
    }
    if (!stalls) {
      stalls = true;
      Deadlines.arm(connection, stall, connection.timeouts().writeStall());
    }
  }

  private void progressed() {
    stalls = false;
    Deadlines.disarm(connection, stall);
  }

  /** The scheduler's word: write, as much as a turn allows. */
  final void turn() {
    Outflow kept = outflow;
    while (kept != null && !kept.isEmpty()) {
      if (sendWindow <= 0 || !connection.scheduler().mayWrite(this)) {
        await();
        return;
      }
      Bytes bytes = kept.take(sendable(Frame.MAX_PAYLOAD));
      boolean last = kept.isEmpty() && kept.ends() && kept.trailers().isEmpty();
      write(bytes == null ? Bytes.EMPTY : bytes, last);
      if (last) {
        return;
      }
    }
    progressed();
    if (kept != null && kept.ends()) {
      sendEnd(kept.trailers());
    } else if (writerWaits) {
      writerWaits = false;
      outputWritable();
    }
  }

  /**
   * The peer gives more room, or takes some back.
   *
   * @throws Http2Error of the stream, if it is more than a window can be
   */
  final void widen(int increment) throws Http2Error {
    long wider = (long) sendWindow + increment;
    if (wider > Integer.MAX_VALUE) {
      throw Http2Error.stream(
          id, ErrorCode.FLOW_CONTROL_ERROR, "the window of stream " + id + " is too large");
    }
    sendWindow = (int) wider;
    if (sendWindow > 0 && state.sends() && (writerWaits || !isFlushed())) {
      connection.scheduler().add(this);
    }
  }

  // --- the end ---

  /** Ends the stream before its time. */
  final void close() {
    if (state != StreamState.CLOSED) {
      state = state.on(StreamState.Event.RESET);
    }
    release();
  }

  /** Drops what the stream holds. */
  final void release() {
    connection.scheduler().remove(this);
    if (outflow != null) {
      outflow.clear();
    }
    if (!keepsInput()) {
      dropInput();
    }
    Deadlines.remove(connection, silence);
    Deadlines.remove(connection, stall);
  }

  /** The stream is closed in order: what came is still there to be taken. */
  final void releaseOutput() {
    connection.scheduler().remove(this);
    Deadlines.remove(connection, stall);
  }
}
