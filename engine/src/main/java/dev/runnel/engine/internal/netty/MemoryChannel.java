package dev.runnel.engine.internal.netty;

import dev.runnel.io.Bytes;
import dev.runnel.memory.WireEnd;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import org.jspecify.annotations.Nullable;

/** A socket in memory: one end of a wire as a channel. */
final class MemoryChannel extends AbstractChannel implements DuplexChannel {
  private static final ChannelMetadata METADATA = new ChannelMetadata(false);

  private final MemoryNetty network;
  private final MemoryConfig config;
  private @Nullable WireEnd end;
  private @Nullable InetSocketAddress local;
  private @Nullable InetSocketAddress remote;
  private boolean open = true;
  private boolean wantsRead;
  private boolean scheduled;
  private boolean inputShut;
  private boolean outputShut;

  /** A client's, not connected yet. */
  MemoryChannel(MemoryNetty network) {
    super(null);
    this.network = network;
    this.config = new MemoryConfig(this, network.buffers(), this::wantNoRead);
  }

  /** One that a server accepted. */
  MemoryChannel(MemoryListener parent, WireEnd end) {
    super(parent);
    this.network = parent.network();
    this.config = new MemoryConfig(this, network.buffers(), this::wantNoRead);
    attach(end, parent.localAddress0(), MemoryNetty.clientAddress(end.wire()));
  }

  private void attach(WireEnd to, InetSocketAddress here, InetSocketAddress there) {
    end = to;
    local = here;
    remote = there;
    to.listen(this::readSoon, this::writableAgain);
  }

  // --- reading ---

  @Override
  protected void doBeginRead() {
    wantsRead = true;
    WireEnd from = end;
    if (from != null && from.hasInput()) {
      readSoon();
    }
  }

  /** As sockets do when reading is switched off: a read that was asked for is forgotten. */
  private void wantNoRead() {
    wantsRead = false;
  }

  private void readSoon() {
    if (!scheduled && isRegistered()) {
      scheduled = true;
      eventLoop().execute(this::read0);
    }
  }

  private void read0() {
    scheduled = false;
    WireEnd from = end;
    if (from == null || !open) {
      return;
    }
    if (wantsRead && !inputShut) {
      Bytes bytes = from.read();
      if (bytes != null) {
        wantsRead = false;
        ByteBuf in = config.getAllocator().buffer(bytes.length());
        in.writeBytes(bytes.asByteBuffer());
        pipeline().fireChannelRead(in);
        pipeline().fireChannelReadComplete();
        if (open && from.wasReset()) {
          readSoon();
        }
        return;
      }
      if (!from.wasReset() && from.ended()) {
        inputEnded();
        return;
      }
    }
    if (from.wasReset()) { // noticed without reading, as by epoll
      pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
      unsafe().close(voidPromise());
    }
  }

  private void inputEnded() {
    wantsRead = false;
    inputShut = true;
    if (config.hasHalves()) {
      pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
      pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
    } else {
      unsafe().close(voidPromise());
    }
  }

  // --- writing ---

  @Override
  protected void doWrite(ChannelOutboundBuffer in) throws Exception {
    WireEnd to = end;
    if (to == null || outputShut) {
      throw new IOException("the output is shut");
    }
    if (to.isBroken()) {
      throw new IOException("Broken pipe");
    }
    for (Object message = in.current(); message != null; message = in.current()) {
      if (!(message instanceof ByteBuf bytes)) {
        throw new UnsupportedOperationException("not bytes: " + message.getClass().getName());
      }
      int length = bytes.readableBytes();
      int sent = length == 0 ? 0 : to.write(copy(bytes));
      if (sent > 0) {
        in.progress(sent);
      }
      if (sent < length) {
        bytes.skipBytes(sent);
        return; // there will be room
      }
      in.remove();
    }
  }

  private static Bytes copy(ByteBuf from) {
    byte[] bytes = new byte[from.readableBytes()];
    from.getBytes(from.readerIndex(), bytes);
    return Bytes.Unsafe.wrap(bytes);
  }

  private void writableAgain() {
    if (open && isRegistered()) {
      eventLoop().execute(() -> ((Calls) unsafe()).goOn());
    }
  }

  // --- life ---

  private final class Calls extends AbstractUnsafe {
    @Override
    public void connect(SocketAddress to, @Nullable SocketAddress from, ChannelPromise promise) {
      if (!promise.setUncancellable() || !ensureOpen(promise)) {
        return;
      }
      if (end != null) {
        safeSetFailure(promise, new AlreadyConnectedException());
        return;
      }
      WireEnd made =
          to instanceof MemoryAddress address ? address.network().dial(address.port()) : null;
      if (made == null) {
        safeSetFailure(promise, new ConnectException("Connection refused: " + to));
        closeIfClosed();
        return;
      }
      attach(
          made,
          MemoryNetty.clientAddress(made.wire()),
          MemoryNetty.serverAddress(((MemoryAddress) to).port()));
      safeSetSuccess(promise);
      pipeline().fireChannelActive();
    }

    void goOn() {
      flush0();
    }
  }

  @Override
  protected AbstractUnsafe newUnsafe() {
    return new Calls();
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return loop instanceof MemoryLoop;
  }

  @Override
  protected @Nullable InetSocketAddress localAddress0() {
    return local;
  }

  @Override
  protected @Nullable InetSocketAddress remoteAddress0() {
    return remote;
  }

  @Override
  protected void doBind(SocketAddress address) {
    throw new UnsupportedOperationException("a socket in memory is bound by connecting it");
  }

  @Override
  protected void doDisconnect() {
    doClose();
  }

  @Override
  protected void doClose() {
    open = false;
    WireEnd closing = end;
    if (closing != null) {
      if (config.resetsAtClose()) {
        closing.reset();
      } else {
        closing.close();
      }
    }
  }

  @Override
  public ChannelConfig config() {
    return config;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public boolean isActive() {
    return open && end != null;
  }

  @Override
  public ChannelMetadata metadata() {
    return METADATA;
  }

  // --- halves ---

  @Override
  public boolean isInputShutdown() {
    return inputShut;
  }

  @Override
  public ChannelFuture shutdownInput() {
    return shutdownInput(newPromise());
  }

  @Override
  public ChannelFuture shutdownInput(ChannelPromise promise) {
    inputShut = true;
    return promise.setSuccess();
  }

  @Override
  public boolean isOutputShutdown() {
    return outputShut;
  }

  @Override
  public ChannelFuture shutdownOutput() {
    return shutdownOutput(newPromise());
  }

  @Override
  public ChannelFuture shutdownOutput(ChannelPromise promise) {
    if (eventLoop().inEventLoop()) {
      ((AbstractUnsafe) unsafe()).shutdownOutput(promise);
    } else {
      eventLoop().execute(() -> ((AbstractUnsafe) unsafe()).shutdownOutput(promise));
    }
    return promise;
  }

  @Override
  protected void doShutdownOutput() {
    outputShut = true;
    WireEnd ending = end;
    if (ending != null) {
      ending.finish();
    }
  }

  @Override
  public boolean isShutdown() {
    return inputShut && outputShut;
  }

  @Override
  public ChannelFuture shutdown() {
    return shutdown(newPromise());
  }

  @Override
  public ChannelFuture shutdown(ChannelPromise promise) {
    inputShut = true;
    return shutdownOutput(promise);
  }
}
