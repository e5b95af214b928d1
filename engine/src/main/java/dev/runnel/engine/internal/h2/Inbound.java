package dev.runnel.engine.internal.h2;

import io.netty.buffer.ByteBuf;
import io.netty.util.collection.IntObjectHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What received frames mean, given the state of the connection and its streams. */
final class Inbound implements FrameSink {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.connection");

  /** Priorities that come before their stream are kept for so many of them. */
  private static final int EARLY_PRIORITIES = 32;

  private final Http2Connection connection;
  private final Settings settings = new Settings();
  private @Nullable IntObjectHashMap<String> earlyPriorities;
  private int receiveWindow;
  private int uncredited;

  Inbound(Http2Connection connection) {
    this.connection = connection;
    // So that a server that says it, which it must not, is noticed (RFC 9113 6.5.2).
    this.settings.push = !connection.role().isClient();
    this.receiveWindow = connection.options().connectionWindow();
  }

  private long now() {
    return connection.context().now();
  }

  private void charge(int cost) throws Http2Error {
    connection.guard().charge(cost, now());
  }

  @Override
  public void data(int id, ByteBuf in, int length, int flow, boolean end) throws Http2Error {
    credit(flow);
    if (length == 0 && !end) {
      charge(AbuseGuard.EMPTY_DATA);
    }
    Http2Stream stream = connection.streams().get(id);
    if (stream != null) {
      stream.receive(in, length, flow, end);
      connection.budget().enforce();
    } else {
      late(id, "DATA");
    }
  }

  /**
   * The connection's window is given back at once, whatever becomes of the bytes, so that a stream
   * that nobody reads starves no other.
   */
  private void credit(int flow) throws Http2Error {
    receiveWindow -= flow;
    if (receiveWindow < 0) {
      throw Http2Error.connection(
          ErrorCode.FLOW_CONTROL_ERROR, "more DATA than the window of the connection");
    }
    uncredited += flow;
    if (uncredited >= connection.options().connectionWindow() / 2) {
      connection.writer().windowUpdate(0, uncredited);
      receiveWindow += uncredited;
      uncredited = 0;
    }
  }

  /** A frame for a stream that is not open. */
  private void late(int id, String frame) throws Http2Error {
    if (connection.streams().isIdle(id)) {
      throw Http2Error.connection(ErrorCode.PROTOCOL_ERROR, frame + " on idle stream " + id);
    }
    if (connection.streams().isLeftOut(id)) {
      throw Http2Error.connection(
          ErrorCode.PROTOCOL_ERROR, frame + " on stream " + id + " behind a higher one");
    }
    if (!connection.streams().isResetByUs(id) && !connection.goAway().isBehind(id)) {
      throw Http2Error.connection(ErrorCode.STREAM_CLOSED, frame + " on closed stream " + id);
    }
    connection.guard().chargeLate(now());
  }

  @Override
  public void headers(HeaderFrame block, HeaderFields fields) throws Http2Error {
    int id = block.stream();
    Http2Stream stream = connection.streams().get(id);
    if (stream == null && !opens(id)) {
      return;
    }
    if (block.dependsOnItself()) {
      throw Http2Error.stream(id, ErrorCode.PROTOCOL_ERROR, "a stream depends on itself");
    }
    if (stream == null) {
      connection.role().open(connection, block, fields);
    } else if (!stream.state().receivesHeaders()) {
      throw Http2Error.stream(id, ErrorCode.STREAM_CLOSED, "HEADERS behind the end of " + id);
    } else if (block.tooLarge()) {
      stream.headersTooLarge();
    } else {
      stream.headers(fields, block.end());
    }
  }

  /** Whether the block opens a stream; if not, it is late or an error. */
  private boolean opens(int id) throws Http2Error {
    connection.role().mayOpen(connection, id);
    if (!connection.streams().isIdle(id)) {
      late(id, "HEADERS");
      return false;
    }
    connection.streams().opened(id);
    if (connection.goAway().isBehind(id)) {
      return false; // RFC 9113 6.8: not looked at, and safe to be sent again
    }
    return true;
  }

  /** The priority that was said before the stream was there, or null. */
  @Nullable String earlyPriority(int id) {
    return earlyPriorities == null ? null : earlyPriorities.remove(id);
  }

  @Override
  public void promise(int id, int promised, boolean tooLarge, HeaderFields fields)
      throws Http2Error {
    connection.role().promise(connection, id, promised, tooLarge, fields);
  }

  @Override
  public void meaningless(int cost) throws Http2Error {
    charge(cost);
  }

  @Override
  public void reset(int id, long code) throws Http2Error {
    Http2Stream stream = connection.streams().get(id);
    if (stream != null) {
      connection.streams().lose(stream, Loss.resetByPeer(code));
      if (!connection.role().asksForResets(id)) {
        charge(AbuseGuard.RESET_BY_PEER);
      }
    } else if (connection.streams().isIdle(id)) {
      throw Http2Error.connection(ErrorCode.PROTOCOL_ERROR, "RST_STREAM on idle stream " + id);
    } else {
      charge(AbuseGuard.LATE);
    }
  }

  @Override
  public void settings(ByteBuf in, int length) throws Http2Error {
    charge(AbuseGuard.SETTINGS);
    int before = settings.window;
    settings.read(in, length);
    connection.hpack().tableSize(settings.leastHeaderTable); // values count in their order (6.5.3)
    connection.hpack().tableSize(settings.headerTable);
    connection.writer().settingsAcknowledged();
    if (settings.window != before) {
      widenAll(settings.window - before);
    }
    connection.role().settled(connection);
  }

  /**
   * RFC 9113 6.9.2: it counts for the streams that are open as well, and may make them negative.
   */
  private void widenAll(int difference) throws Http2Error {
    for (Http2Stream stream : connection.streams().all()) {
      try {
        stream.widen(difference);
      } catch (Http2Error e) {
        throw Http2Error.connection(e.code(), String.valueOf(e.getMessage()));
      }
    }
  }

  @Override
  public void settingsAcknowledged() throws Http2Error {
    charge(AbuseGuard.LATE); // we send SETTINGS once
    connection.settingsSeen();
  }

  @Override
  public void ping(long opaque, boolean ack) throws Http2Error {
    if (ack) {
      connection.goAway().answered(opaque);
      charge(AbuseGuard.LATE);
    } else {
      connection.guard().chargeAnswer(AbuseGuard.PING, now());
      connection.writer().ping(opaque, true);
    }
  }

  @Override
  public void goAway(int last, long code) throws Http2Error {
    charge(AbuseGuard.LATE);
    LOG.debug("{} goes away, code {}", connection.link().connection().remote(), code);
    connection.role().peerGoesAway(connection, last, code);
  }

  @Override
  public void windowUpdate(int id, int increment) throws Http2Error {
    connection.guard().chargeAnswer(AbuseGuard.WINDOW_UPDATE, now());
    Http2Stream stream = id == 0 ? null : connection.streams().get(id);
    if (id != 0 && stream == null) {
      if (connection.streams().isIdle(id)) {
        throw Http2Error.connection(ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE on idle stream " + id);
      }
      return; // RFC 9113 5.1: it may come after the end
    }
    if (increment == 0) {
      String message = "WINDOW_UPDATE of 0 on stream " + id;
      throw id == 0
          ? Http2Error.connection(ErrorCode.PROTOCOL_ERROR, message)
          : Http2Error.stream(id, ErrorCode.PROTOCOL_ERROR, message);
    }
    if (stream != null) {
      stream.widen(increment);
    } else {
      widenConnection(increment);
    }
  }

  private void widenConnection(int increment) throws Http2Error {
    long wider = (long) connection.scheduler().window + increment;
    if (wider > Integer.MAX_VALUE) {
      throw Http2Error.connection(
          ErrorCode.FLOW_CONTROL_ERROR, "the window of the connection is too large");
    }
    connection.scheduler().window = (int) wider;
  }

  @Override
  public void priorityUpdate(int id, String value) throws Http2Error {
    charge(AbuseGuard.PRIORITY);
    if (connection.role().isClient()) { // RFC 9218 7.1
      throw Http2Error.connection(ErrorCode.PROTOCOL_ERROR, "PRIORITY_UPDATE from a server");
    }
    Http2Stream stream = connection.streams().get(id);
    if (stream != null) {
      connection.scheduler().prioritize(stream, Priority.parse(value));
    } else if ((id & 1) == 1 && connection.streams().isIdle(id)) {
      if (earlyPriorities == null) {
        earlyPriorities = new IntObjectHashMap<>(4);
      }
      if (earlyPriorities.size() < EARLY_PRIORITIES) {
        earlyPriorities.put(id, value);
      }
    }
  }

  /** What the peer wants. */
  Settings peer() {
    return settings;
  }
}
