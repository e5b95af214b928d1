package dev.runnel.engine.internal.h1;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.internal.exchange.ConnectionContext;
import dev.runnel.engine.internal.link.LinkLoss;
import dev.runnel.engine.internal.link.Machine;
import dev.runnel.engine.internal.link.Parking;
import dev.runnel.engine.internal.link.SocketLink;
import dev.runnel.http.TlsInfo;
import dev.runnel.http.Version;
import dev.runnel.io.Loop;
import dev.runnel.transport.CallEvents;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientCall;
import dev.runnel.transport.ClientConnection;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP/1.1 connection of a client: one call at a time, never a second one behind it (RFC 9112
 * 9). A step takes what was received as far as it goes, and tells; it is a loop and never recurses.
 * What belongs to the current call is in {@link Http1ClientCall}. After any doubt about where an
 * answer ends the connection is closed, and never used again.
 */
public final class Http1Client implements Machine, ClientConnection, RawInput {
  /**
   * How much of what is not asked for is taken in, so that a server that leaves is noticed. With
   * the read that passes it this is at most about 64 KiB.
   */
  private static final int PARKED = 16 << 10;

  private static final Logger LOG = LoggerFactory.getLogger("runnel.connection");

  private final SocketLink link;
  private final ConnectionContext connection;
  private final Http1Loop shared;
  private final HeadReader<AnswerHead> heads;
  private final Parking parking = new Parking();
  private @Nullable Listener listener;
  private @Nullable Http1ClientCall call;
  private volatile boolean usable = true;
  private boolean changeTold;
  private boolean closeTold;
  private boolean inputEnded;
  private boolean closing;
  private boolean gone;
  private boolean stepping;
  private boolean again;
  private boolean scheduled;

  /** A connection that was just made. */
  public Http1Client(SocketLink link, ConnectionContext connection, Http1Loop shared) {
    this.link = link;
    this.connection = connection;
    this.shared = shared;
    this.heads = new HeadReader<>(shared.answers, link.scratch());
  }

  /** Says who keeps the connection, before anything else happens. */
  public void keptBy(Listener keeper) {
    listener = keeper;
    soon();
  }

  // --- as its keeper sees it ---

  @Override
  public Loop loop() {
    return connection.loop();
  }

  @Override
  public Version version() {
    return Version.HTTP_1_1;
  }

  @Override
  public SocketAddress remoteAddress() {
    return connection.remote();
  }

  @Override
  public SocketAddress localAddress() {
    return connection.local();
  }

  @Override
  public @Nullable TlsInfo tls() {
    return connection.tls();
  }

  @Override
  public int callLimit() {
    return 1;
  }

  @Override
  public boolean isUsable() {
    return usable;
  }

  @Override
  public ClientCall begin(CallHead head, CallEvents events) {
    requireLoop();
    if (head.protocol() == null) {
      shared.requests.check(head);
    }
    Http1ClientCall begun = new Http1ClientCall(this, link, head, events);
    ClientException refusal = refusal(head, begun);
    if (refusal != null) {
      begun.refuse(refusal);
    } else {
      call = begun;
      begun.send(shared.requests);
    }
    return begun;
  }

  private @Nullable ClientException refusal(CallHead head, Http1ClientCall begun) {
    if (head.protocol() != null) {
      return new ClientException(
          Reason.NOT_UPGRADED,
          begun.where() + ": CONNECT for a protocol needs HTTP/2, this connection speaks HTTP/1.1",
          true,
          null);
    }
    if (usable && call == null) {
      return null;
    }
    LinkLoss loss = link.loss();
    if (loss != null && loss.refused()) { // who dials again without end would be refused for ever
      return new ClientException(
          loss.reason(), begun.where() + ": " + loss.words(), true, loss.cause());
    }
    String why = usable ? "another call is under way" : "the connection takes no more calls";
    return new ClientException(Reason.REFUSED, begun.where() + ": " + why, true, null);
  }

  @Override
  public void close() {
    requireLoop();
    noMoreCalls();
    if (call == null) {
      shut(false);
    }
  }

  @Override
  public void closeNow(ClientException why) {
    requireLoop();
    noMoreCalls();
    if (call != null) {
      call.fail(why);
    }
    shut(true);
  }

  // --- events of the link ---

  @Override
  public void opened() {
    adjustReading();
  }

  @Override
  public void received(ByteBuf in) {
    if (closing || gone) {
      in.release();
      return;
    }
    heads.bufferChanged();
    parking.add(in);
    if (call != null) {
      call.bytesCame();
    }
    step();
  }

  @Override
  public void inputEnded() {
    inputEnded = true;
    noMoreCalls();
    step();
  }

  @Override
  public void writable() {
    if (call != null) {
      call.writable();
    }
  }

  @Override
  public void timedOut() {
    if (call != null) {
      call.timedOut();
    }
  }

  @Override
  public void drain() {
    close();
  }

  @Override
  public void closeIfIdle() {
    close();
  }

  @Override
  public void cancel(CancelCause cause) {
    Http1ClientCall current = call;
    noMoreCalls();
    if (current != null) {
      current.fail(
          cause == CancelCause.WRITE_STALLED
              ? current.error(Reason.WRITE_TIMEOUT, "the server took no byte of it for too long")
              : current.error(Reason.CONNECTION_LOST, "the connection was closed: " + cause));
    }
    shut(true);
  }

  @Override
  public void closed() {
    gone = true;
    inputEnded |= link.isInputWhole();
    noMoreCalls();
    heads.bufferChanged();
    parking.unpool(); // an answer that is there may still be read, or never
    step();
  }

  // --- the step ---

  /** Goes as far as the received bytes allow, and tells what there is to tell. */
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
      } while (again);
    } finally {
      stepping = false;
    }
    adjustReading();
  }

  /** Has a step follow: this one goes on, or one begins behind what the loop does now. */
  void soon() {
    if (stepping) {
      again = true;
    } else if (!scheduled) {
      scheduled = true;
      loop()
          .execute(
              () -> {
                scheduled = false;
                step();
              });
    }
  }

  /**
   * Says that the link's buffer was appended to. In memory the server may answer on this very
   * stack: what comes of that is told behind what the caller does now.
   */
  void wrote() {
    boolean nested = stepping;
    stepping = true;
    try {
      link.wrote();
    } finally {
      stepping = nested;
    }
    if (again && !nested) {
      again = false;
      soon();
    }
  }

  private void advance() {
    Http1ClientCall current = call;
    if (!usable && !changeTold) {
      changeTold = true;
      again = true;
      tell(keeper -> keeper.changed(this));
    } else if (current == null) {
      rest();
    } else if (current.isThrough()) {
      finish(current);
    } else {
      current.advance();
    }
  }

  /** Between two calls nothing may come: it would be taken for the answer to the next one. */
  private void rest() {
    if (parking.size() > 0 && !closing) {
      LOG.debug("{} sent bytes that nobody asked for, connection closed", connection.remote());
      shut(true);
    } else if (inputEnded && !closing) {
      shut(false);
    }
    if (gone && !closeTold && changeTold) {
      closeTold = true;
      tell(keeper -> keeper.closed(this));
    }
  }

  private void finish(Http1ClientCall through) {
    again = true;
    if (through.tellFailure()) {
      return;
    }
    boolean doubt = !through.keepsConnection() || parking.size() > 0;
    if (doubt || !usable) {
      noMoreCalls();
      shut(through.isGivenUp());
    }
    link.noDeadline();
    call = null;
    if (!through.isRaw()) {
      parking.clear();
    }
    through.tellEnded();
  }

  private void tell(Consumer<Listener> what) {
    if (listener != null) {
      try {
        what.accept(listener);
      } catch (Throwable e) {
        LOG.error("the keeper of a connection failed, connection closed", e);
        shut(true);
      }
    }
  }

  /** From now on no call may begin. */
  void noMoreCalls() {
    if (usable) {
      usable = false;
      soon();
    }
  }

  /** Closes the link, once: at once, or when all that was written is sent. */
  void shut(boolean atOnce) {
    noMoreCalls();
    if (gone || (closing && !atOnce)) {
      return;
    }
    closing = true;
    link.noDeadline();
    if (call == null || !call.isRaw()) {
      parking.clear();
    }
    if (atOnce && call != null && call.isGivenUp()) {
      // Behind what a server does not take of a request it would not see that we left.
      link.reset();
    } else if (atOnce) {
      link.closeNow();
    } else {
      link.closeAfterFlush();
    }
  }

  // --- what was received and not yet used ---

  /** The next head of an answer, or null. */
  @Nullable AnswerHead nextHead() throws RejectedException {
    ByteBuf in = parking.bytes();
    if (in == null || !in.isReadable()) {
      return null;
    }
    if (isDeaf()) {
      heads.judgeAll();
    }
    return heads.next(in);
  }

  @Override
  public @Nullable ByteBuf parked() {
    return parking.bytes();
  }

  boolean hasParked() {
    return parking.size() > 0;
  }

  @Override
  public boolean hasInputEnded() {
    return inputEnded;
  }

  /** Whether nothing comes any more, be it that the server said so or that the connection broke. */
  boolean isDeaf() {
    return inputEnded || gone;
  }

  boolean isGone() {
    return gone;
  }

  @Override
  public void adjustReading() {
    if (!gone) {
      // One read stays armed while nobody asks: without it a server that leaves is not noticed.
      boolean room = parking.size() < PARKED || (call != null && call.awaitsHead());
      link.reading(room && !inputEnded && !closing);
    }
  }

  void requireLoop() {
    if (!loop().inLoop()) {
      throw new IllegalStateException(
          "a connection belongs to its loop: call it from there, by loop().execute");
    }
  }
}
