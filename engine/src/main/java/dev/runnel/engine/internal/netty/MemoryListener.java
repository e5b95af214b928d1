package dev.runnel.engine.internal.netty;

import dev.runnel.memory.WireEnd;
import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.EventLoop;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Listens on a port of a network in memory. */
final class MemoryListener extends AbstractServerChannel {
  private final MemoryNetty network;
  private final MemoryConfig config;
  private final Deque<WireEnd> backlog = new ArrayDeque<>();
  private @Nullable MemoryAddress address;
  private boolean open = true;
  private boolean wantsRead;

  MemoryListener(MemoryNetty network) {
    this.network = network;
    this.config = new MemoryConfig(this, network.buffers(), this::wantNoRead);
  }

  private void wantNoRead() {
    wantsRead = false;
  }

  MemoryNetty network() {
    return network;
  }

  /** A client came. On the loop. */
  void arrived(WireEnd server) {
    backlog.addLast(server);
    if (wantsRead) {
      eventLoop().execute(this::accept);
    }
  }

  private void accept() {
    if (!wantsRead || backlog.isEmpty() || !open) {
      return;
    }
    wantsRead = false;
    do { // until somebody who counts them says stop
      pipeline().fireChannelRead(new MemoryChannel(this, backlog.removeFirst()));
    } while (open && config.isAutoRead() && !backlog.isEmpty());
    pipeline().fireChannelReadComplete();
  }

  @Override
  protected void doBeginRead() {
    wantsRead = true;
    if (!backlog.isEmpty()) {
      eventLoop().execute(this::accept);
    }
  }

  @Override
  protected void doBind(SocketAddress wanted) throws BindException {
    MemoryAddress place = (MemoryAddress) wanted;
    network.listen(place.port(), this);
    address = place;
  }

  @Override
  protected void doClose() {
    open = false;
    if (address != null) {
      network.unlisten(address.port());
    }
    backlog.forEach(WireEnd::reset);
    backlog.clear();
  }

  @Override
  protected InetSocketAddress localAddress0() {
    return MemoryNetty.serverAddress(address == null ? 0 : address.port());
  }

  @Override
  protected boolean isCompatible(EventLoop loop) {
    return loop instanceof MemoryLoop;
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
    return open && address != null;
  }
}
