package dev.runnel.engine.internal.h2;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Http2Options;
import dev.runnel.engine.Timeouts;
import dev.runnel.engine.internal.exchange.LoopContext;
import dev.runnel.engine.internal.exchange.ServerConnection;
import dev.runnel.engine.internal.h2.Patience.Wait;
import dev.runnel.engine.internal.link.Machine;
import dev.runnel.engine.internal.link.Parking;
import dev.runnel.engine.internal.link.SocketLink;
import dev.runnel.http.Headers;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/2 connection: its life from the preface to GOAWAY, its time limits, and the step that
 * takes what was received as far as it goes. What frames mean is in {@link Inbound}, what one
 * stream is in {@link Http2Stream}.
 */
public final class Http2Connection implements Machine {
  /** What a client says first (RFC 9113 3.4). */
  public static final byte[] PREFACE = Preface.BYTES.clone();

  private static final Logger LOG = LoggerFactory.getLogger("runnel.connection");

  /** Received bytes that wait while the peer does not take what we send; then TCP holds it back. */
  private static final int PARKED = 64 << 10;

  /** What is discarded before a close, so that the peer can see our GOAWAY (RFC 9112 9.6). */
  private static final int LINGERED = 4 << 20;

  private enum Phase {
    PREFACE,
    OPEN,
    /** Our half is closed; what still comes is discarded. */
    LINGER,
    CLOSED
  }

  private final SocketLink link;
  private final FrameWriter writer;
  private final FrameReader reader;
  private final Scheduler scheduler;
  private final Streams streams;
  private final HpackEncoder hpack = new HpackEncoder();
  private final AbuseGuard guard;
  private final KeepAlive keepAlive;
  private final Budget budget;
  private final GoAway goAway;
  private final Role role;
  private final Inbound inbound;
  private final Patience patience = new Patience(this);
  private final Parking parked = new Parking();
  private Phase phase = Phase.PREFACE;
  private long discarded;
  private boolean inputEnded;
  private boolean stepping;
  private boolean again;

  /** The server's end of a connection. */
  public static Http2Connection ofServer(
      SocketLink link, ServerConnection caller, Http2Loop shared) {
    return new Http2Connection(link, shared, new Http2Server(caller), 2);
  }

  /**
   * @param firstOwn the first stream that is ours to open
   */
  Http2Connection(SocketLink link, Http2Loop shared, Role role, int firstOwn) {
    boolean promises = role.isClient() && link.connection().endpoint().http2().pushes() > 0;
    int listLimit = link.connection().endpoint().limits().headerSection();
    this.link = link;
    this.role = role;
    this.streams = new Streams(this, firstOwn);
    this.writer = new FrameWriter(link);
    this.scheduler = new Scheduler(link);
    this.guard = new AbuseGuard(context().now());
    this.keepAlive = new KeepAlive(this);
    this.budget = new Budget(this);
    this.goAway = new GoAway(this);
    this.inbound = new Inbound(this);
    this.reader =
        new FrameReader(inbound, new HeaderDecoder(shared.fields, listLimit), listLimit, promises);
  }

  // --- events of the link ---

  @Override
  public void opened() {
    role.greet(this);
    if (role.isClient()) { // which has said its preface, and waits for none
      phase = Phase.OPEN;
      patience.awaitSettings();
    }
    keepAlive.start();
    link.idle(true);
    link.reading(true);
    adjust();
  }

  @Override
  public void received(ByteBuf in) {
    keepAlive.heard();
    if (phase == Phase.CLOSED) {
      in.release();
    } else if (phase == Phase.LINGER) {
      discarded += in.readableBytes();
      in.release();
      if (discarded > LINGERED) {
        link.closeNow();
      }
    } else {
      parked.add(in);
      step();
    }
  }

  @Override
  public void inputEnded() {
    inputEnded = true;
    link.reading(false);
    if (phase == Phase.LINGER) {
      shut();
    } else if (phase != Phase.CLOSED) {
      streams.inputEnded();
      goAway.last("");
    }
  }

  @Override
  public void writable() {
    if (isOpen()) {
      step();
    }
  }

  @Override
  public void timedOut() {
    switch (patience.due()) {
      case HEAD ->
          fail(ErrorCode.PROTOCOL_ERROR, "no whole preface or header block within the time limit");
      case REQUEST -> goAway.last("idle");
      case LINGER -> link.closeNow();
      case NOTHING -> {
        // it was met just now
      }
    }
  }

  @Override
  public void drain() {
    if (isOpen()) {
      role.drain(this);
      step();
      link.connection().stopping();
    }
  }

  @Override
  public void closeIfIdle() {
    if (isOpen() && streams.isEmpty()) {
      goAway.closeWhenQuiet();
      step();
    }
  }

  @Override
  public void cancel(CancelCause cause) {
    cancel(Loss.of(cause, "the connection was given up"));
  }

  /** Closes at once; the calls end with this. */
  void cancel(Loss loss) {
    streams.loseAll(loss);
    link.connection().cancelHeld(loss.cause());
    end();
    link.closeNow();
  }

  @Override
  public void closed() {
    boolean open = isOpen();
    end();
    if (open) {
      streams.loseAll(role.gone(CancelCause.CLIENT_GONE));
    }
    link.connection().closed();
    role.closed();
  }

  // --- the step ---

  private void step() {
    if (stepping) {
      again = true;
      return;
    }
    stepping = true;
    try {
      do {
        again = false;
        advance();
        streams.endEarly();
        scheduler.pump();
        if (inputEnded) {
          streams.loseStuck();
        }
        goAway.closeIfDone();
      } while (again && isOpen());
    } finally {
      stepping = false;
    }
    adjust();
    role.stepped();
  }

  private void advance() {
    boolean goesOn = true;
    while (goesOn && isOpen() && !goAway.isDone() && mayRead()) {
      ByteBuf in = parked.bytes();
      try {
        goesOn = in != null && (phase == Phase.PREFACE ? greeted(in) : reader.next(in));
        if (goesOn && !reader.isInBlock()) {
          patience.met(Wait.HEAD);
        }
      } catch (Http2Error e) {
        goesOn = broken(e);
      }
    }
  }

  private boolean greeted(ByteBuf in) throws Http2Error {
    if (!Preface.taken(in)) {
      return false;
    }
    phase = Phase.OPEN;
    patience.awaitSettings();
    return true;
  }

  private boolean broken(Http2Error error) {
    // RFC 9113 5.1: nothing may be sent on an idle stream, so that not even RST_STREAM is left.
    if (error.isOfConnection() || streams.isIdle(error.stream())) {
      fail(error.code(), String.valueOf(error.getMessage()));
      return false;
    }
    LOG.debug("{}: {}", link.connection().remote(), error.getMessage());
    if (streams.get(error.stream()) == null) { // what was no request never became a call
      role.refused(String.valueOf(error.getMessage()));
    }
    String what = String.valueOf(error.getMessage());
    streams.reset(error.stream(), error.code(), Loss.broken(error.code(), what));
    try {
      guard.charge(AbuseGuard.RESET_BY_US, context().now());
    } catch (Http2Error e) {
      return broken(e);
    }
    return true;
  }

  /** Ends the connection because the peer broke a rule. */
  void fail(ErrorCode code, String reason) {
    if (!isOpen()) {
      return;
    }
    LOG.debug("connection to {} closed, {}: {}", link.connection().remote(), code, reason);
    writer.goAway(streams.lastPeer(), code, reason);
    streams.loseAll(Loss.broken(code, reason));
    linger();
  }

  // --- streams ---

  /** The stream is closed. */
  void forget(Http2Stream stream) {
    streams.remove(stream);
    stream.releaseOutput();
    stream.left();
    patience.met(Wait.REQUEST); // from here on the connection is idle anew
    if (streams.isEmpty() && isOpen()) {
      link.idle(true);
      role.quiet(this);
      again = true; // the last one may be what a drain waits for
      if (!stepping && goAway.isAnnounced()) {
        context().loop().execute(this::writable);
      } else if (!stepping) {
        adjust();
      }
    }
  }

  /** Closes if the last stream is over; not from within a frame, whose buffer would go with it. */
  void closeIfDone() {
    if (stepping) {
      again = true;
    } else {
      goAway.closeIfDone();
    }
  }

  /** Whether received bytes are being gone through; then user code has to wait. */
  boolean isStepping() {
    return stepping;
  }

  /** Whether bytes have come that wait until the peer takes some of ours. */
  boolean isHeldBack() {
    return parked.size() > 0 && !mayRead();
  }

  private boolean mayRead() {
    return role.readsAlways() || link.writable();
  }

  /** Whether received bytes are being gone through, and some are left. */
  boolean hasMoreToRead() {
    return stepping && parked.size() > 0;
  }

  // --- closing ---

  /** Sends all that was written, and discards what comes until the peer has closed too. */
  void linger() {
    end();
    if (inputEnded) {
      link.closeAfterFlush();
      return;
    }
    phase = Phase.LINGER;
    discarded = 0;
    link.linger();
    link.reading(true);
    patience.await(Wait.LINGER);
  }

  private void shut() {
    end();
    link.closeAfterFlush();
  }

  /** Nothing goes on here any more. */
  private void end() {
    phase = Phase.CLOSED;
    parked.clear();
    reader.close();
    keepAlive.stop();
    goAway.stop();
    budget.close();
    patience.stop();
    link.idle(false);
    role.ended();
  }

  boolean isOpen() {
    return phase == Phase.PREFACE || phase == Phase.OPEN;
  }

  /** Reads as much as has a place, and waits as long as what is awaited may take. */
  private void adjust() {
    if (!isOpen()) {
      return;
    }
    if (parked.size() == 0) {
      parked.clear();
    }
    link.reading(parked.size() < PARKED && !inputEnded);
    boolean head = phase == Phase.PREFACE || reader.awaitsHead(parked.bytes());
    patience.await(role.awaited(head && link.writable(), streams.isEmpty()));
  }

  // --- what the parts share ---

  SocketLink link() {
    return link;
  }

  LoopContext context() {
    return link.connection().context();
  }

  Http2Options options() {
    return link.connection().endpoint().http2();
  }

  Timeouts timeouts() {
    return link.connection().endpoint().timeouts();
  }

  Role role() {
    return role;
  }

  Streams streams() {
    return streams;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  FrameWriter writer() {
    return writer;
  }

  HpackEncoder hpack() {
    return hpack;
  }

  AbuseGuard guard() {
    return guard;
  }

  KeepAlive keepAlive() {
    return keepAlive;
  }

  GoAway goAway() {
    return goAway;
  }

  /** What the peer wants. */
  Settings peer() {
    return inbound.peer();
  }

  @Nullable String earlyPriority(int stream) {
    return inbound.earlyPriority(stream);
  }

  /** Whether the peer takes one more promise. */
  boolean mayPush() {
    return isOpen()
        && peer().push
        && !goAway.isAnnounced()
        && streams.own() < Math.min(peer().concurrentStreams, options().concurrentStreams());
  }

  boolean hasInputEnded() {
    return inputEnded;
  }

  /**
   * The peer has seen our SETTINGS. A smaller window holds for the streams that there are as well,
   * and may make theirs negative (RFC 9113 6.9.2); a larger one was theirs from the start.
   */
  void settingsSeen() {
    int less = firstReceiveWindow() - options().streamWindow();
    patience.settingsSeen();
    if (less > 0) {
      streams.all().forEach(stream -> stream.narrow(less));
    }
  }

  /** What a peer may send on a new stream; until it has seen our SETTINGS it goes by the RFC's. */
  int firstReceiveWindow() {
    int ours = options().streamWindow();
    return patience.areSettingsSeen() ? ours : Math.max(ours, Settings.FIRST_WINDOW);
  }

  /** Bytes of a stream are held, or, negative, no more. */
  void held(int bytes) {
    budget.held(bytes);
  }

  Budget budget() {
    return budget;
  }

  void writeTrailers(int stream, Headers trailers) {
    byte[] block = link.scratch().output(Frame.HEADER + HpackEncoder.most(trailers));
    hpack.begin(block, Frame.HEADER);
    hpack.fields(trailers);
    writer.headers(stream, block, hpack.end(), true);
  }
}
