package dev.runnel.engine.internal.netty;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.internal.exchange.ConnectionContext;
import dev.runnel.engine.internal.exchange.DeadlineSweep.Deadline;
import dev.runnel.engine.internal.link.LinkLoss;
import dev.runnel.engine.internal.link.LoopScratch;
import dev.runnel.engine.internal.link.Machine;
import dev.runnel.engine.internal.link.SocketLink;
import dev.runnel.engine.internal.tls.TlsFailures;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one channel handler: feeds a protocol machine, gathers what it writes, and watches that the
 * peer takes it.
 */
final class NettyLink extends ChannelInboundHandlerAdapter implements SocketLink {
  /** Unsent bytes from which on writers should wait; they may go on below half of it. */
  static final int HIGH_WATER = 64 << 10;

  private static final Logger LOG = LoggerFactory.getLogger("runnel.connection");

  /**
   * A peer that takes bytes as fast as they are written would never let go of the loop: after so
   * many, it is the others' turn.
   */
  private static final int BREATH = 512 << 10;

  private final Channel channel;
  private final LoopServices services;
  private final ConnectionContext connection;
  private Machine machine;
  private final Deadline deadline;
  private final Runnable writableAgain = this::becameWritable;
  private final boolean takesFiles;
  private @Nullable StallWatch stall;
  private @Nullable ByteBuf batch;
  private boolean inRead;
  private boolean gated;
  private boolean inFlush;
  private boolean breathless;
  private boolean reading;
  private boolean closing;
  private boolean inputEnded;
  private boolean closeNotified;
  private @Nullable Throwable loss;
  private boolean lingering;
  private int filesInFlight;
  private long bytesRead;
  private long bytesWritten;
  private int sinceBreath;

  // Chained and stamped by LinkList and LoopServices.
  @Nullable LinkList list;
  @Nullable NettyLink before;
  @Nullable NettyLink after;
  long idleSince;
  boolean served;

  NettyLink(
      Channel channel,
      LoopServices services,
      ConnectionContext connection,
      boolean takesFiles,
      MachineFactory factory) {
    this.channel = channel;
    this.services = services;
    this.connection = connection;
    this.takesFiles = takesFiles;
    this.machine = factory.create(this, services);
    this.deadline = new Deadline(() -> machine.timedOut());
  }

  /** Chooses the protocol of a connection. */
  @FunctionalInterface
  interface MachineFactory {
    Machine create(NettyLink link, LoopServices services);
  }

  Machine machine() {
    return machine;
  }

  /** The name of this handler in its pipeline. */
  String name() {
    return channel.pipeline().context(this).name();
  }

  Channel channel() {
    return channel;
  }

  LoopServices services() {
    return services;
  }

  /** Another machine goes on here: what comes before the protocol is over. */
  void become(Machine next) {
    noDeadline();
    machine = next;
    begin();
  }

  private void begin() {
    machine.opened();
    if (connection.endpoint().isStopping()) {
      Drain.lateComer(this);
    }
  }

  // --- events of the channel ---

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    services.opened(this);
    connection.endpoint().connectionOpened(connection.remote());
    begin();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    bytesRead += in.readableBytes();
    inRead = true;
    services.event();
    services.context.beginRead();
    machine.received(in);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    inRead = false;
    services.context.endRead();
    if (batch != null) {
      flush();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    // The end of TLS (close_notify) is the end of the input; a FIN may follow, or come without it.
    closeNotified |= event instanceof SslCloseCompletionEvent && isCloseNotified();
    if (event instanceof ChannelInputShutdownEvent
        || (event instanceof SslCloseCompletionEvent end && end.isSuccess() && !lingering)) {
      inputEnded();
    } else if (event instanceof SslHandshakeCompletionEvent done
        && machine instanceof Shaking shaking) {
      shaken(shaking, done);
    }
  }

  /** By the server: where TLS goes through TLS to a proxy, the proxy's word says nothing. */
  private boolean isCloseNotified() {
    SslHandler tls = OutputEnd.innermost(channel);
    return tls != null && tls.sslCloseFuture().isSuccess();
  }

  private void inputEnded() {
    if (!inputEnded) {
      inputEnded = true;
      machine.inputEnded();
    }
  }

  private void shaken(Shaking shaking, SslHandshakeCompletionEvent done) {
    SslHandler tls = OutputEnd.innermost(channel);
    if (done.isSuccess() && tls != null) {
      shaking.succeeded(tls);
    } else {
      shaking.failed(done.cause());
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    // Netty tells this from within its write loop, where nothing that is written now would be
    // flushed.
    if (channel.isWritable()) {
      channel.eventLoop().execute(writableAgain);
    }
  }

  private void becameWritable() {
    services.event();
    if (writable()) {
      machine.writable();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    loss = loss == null ? cause : loss; // what is thrown at the close comes of it
    // A decoder's are those of TLS: the peer sent what is no record, or fails the handshake.
    if (cause instanceof IOException || cause instanceof DecoderException) {
      LOG.debug("connection to {} lost: {}", connection.remote(), cause.toString());
    } else {
      LOG.error("connection to {} failed, closed", connection.remote(), cause);
    }
    closeNow();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    machine.closed();
    dropBatch();
    services.context.deadlines().remove(deadline);
    if (stall != null) {
      stall.end();
    }
    services.closed(this);
    connection.endpoint().connectionClosed(connection.remote(), bytesRead, bytesWritten);
  }

  // --- writing ---

  @Override
  public ByteBuf out() {
    ByteBuf current = batch;
    if (current == null) {
      current = services.beginBatch(channel.alloc());
      batch = current;
    }
    return current;
  }

  @Override
  public void wrote() {
    ByteBuf written = batch;
    if (written != null && written.readableBytes() >= HIGH_WATER) {
      flush();
    } else if (!inRead) {
      flushLater();
    }
  }

  private void flushLater() {
    if (!gated) {
      gated = true;
      services.gate.add(this);
    }
  }

  void flushFromGate() {
    gated = false;
    flush();
  }

  private void flush() {
    pushBatch();
    if (inFlush) {
      // In memory the peer's answer is read from within our write loop, where Netty ignores this.
      flushLater();
      return;
    }
    inFlush = true;
    try {
      channel.flush();
    } finally {
      inFlush = false;
    }
    watchProgress();
  }

  private void pushBatch() {
    ByteBuf written = batch;
    batch = null;
    if (written != null) {
      passed(written.readableBytes());
      services.batchWritten(written);
      channel.write(written, channel.voidPromise());
    }
  }

  private void passed(int bytes) {
    bytesWritten += bytes;
    sinceBreath += bytes;
    if (sinceBreath >= BREATH && !breathless) {
      breathless = true;
      services.nextTurn(this::breathe);
    }
  }

  private void breathe() {
    breathless = false;
    sinceBreath = 0;
    becameWritable();
  }

  private void dropBatch() {
    if (batch != null) {
      batch.release();
      batch = null;
    }
  }

  @Override
  public long sent() {
    return bytesWritten;
  }

  @Override
  public boolean hasUnsent() {
    return StallWatch.hasUnsent(channel);
  }

  @Override
  public boolean isInputWhole() {
    if (connection.isSecure()) {
      return closeNotified;
    }
    // In memory there is no half to close: whoever closes has said all.
    return inputEnded || (!(channel instanceof DuplexChannel) && !closing);
  }

  @Override
  public boolean writable() {
    return channel.isWritable()
        && filesInFlight == 0
        && !breathless
        && (batch == null || batch.readableBytes() < HIGH_WATER);
  }

  @Override
  public boolean takesFiles() {
    return takesFiles;
  }

  @Override
  public void file(FileChannel file, long position, int count, boolean last) {
    pushBatch();
    filesInFlight++;
    passed(count);
    channel
        .write(new FileSlice(file, position, count, last))
        .addListener(
            done -> {
              filesInFlight--;
              if (done.isSuccess()) {
                channel.eventLoop().execute(writableAgain);
              } else {
                closeNow(); // whatever else was to follow would not fit behind a part of a file
              }
            });
    if (!inRead) {
      flushLater();
    } else {
      flush();
    }
  }

  private void watchProgress() {
    if (StallWatch.hasUnsent(channel)) {
      if (stall == null) {
        Duration limit = connection.endpoint().timeouts().writeStall();
        stall = new StallWatch(channel, services, this::sent, limit, () -> stalled(limit));
      }
      stall.begin();
    }
  }

  private void stalled(Duration limit) {
    LOG.debug("{} took no byte for {}, connection closed", connection.remote(), limit);
    machine.cancel(CancelCause.WRITE_STALLED);
  }

  // --- reading, time, life ---

  @Override
  public void reading(boolean on) {
    if (reading != on) {
      reading = on;
      channel.config().setAutoRead(on);
    }
  }

  @Override
  public void deadline(Duration after) {
    if (after.isZero()) {
      noDeadline();
    } else {
      services.context.deadlines().arm(deadline, after.toNanos());
    }
  }

  @Override
  public void noDeadline() {
    services.context.deadlines().disarm(deadline);
  }

  @Override
  public void idle(boolean waits) {
    services.idle(this, waits);
  }

  @Override
  public ConnectionContext connection() {
    return connection;
  }

  @Override
  public LoopScratch scratch() {
    return services.scratch;
  }

  @Override
  public void shutdownOutput() {
    afterFlush(done -> OutputEnd.close(channel));
  }

  @Override
  public void linger() {
    lingering = true;
    afterFlush(done -> OutputEnd.closeAndLeaveTls(channel));
  }

  @Override
  public void closeAfterFlush() {
    if (!closing) {
      closing = true;
      afterFlush(ChannelFutureListener.CLOSE);
    }
  }

  private void afterFlush(ChannelFutureListener then) {
    pushBatch();
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(then);
    watchProgress();
  }

  @Override
  public @Nullable LinkLoss loss() {
    Throwable cause = loss;
    if (cause == null) {
      return null;
    }
    String alert = TlsFailures.alertIn(cause);
    String words = alert == null ? String.valueOf(cause.getMessage()) : alert;
    return new LinkLoss(words, alert != null, cause);
  }

  @Override
  public void closeNow() {
    closing = true;
    dropBatch();
    // Past TLS: its close_notify would say that what was sent is the whole.
    channel.unsafe().close(channel.unsafe().voidPromise());
  }

  @Override
  public void reset() {
    if (channel.isActive()) {
      try {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
      } catch (ChannelException e) {
        // The peer was first; there is nothing left that it could take for a whole.
        LOG.debug("connection to {} is reset already", connection.remote(), e);
      }
    }
    closeNow();
  }
}
