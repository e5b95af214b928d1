package dev.runnel.engine.internal.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import java.util.Map;

/** The options of a socket that mean something in memory. */
final class MemoryConfig extends DefaultChannelConfig {
  private final Runnable whenReadsStop;
  private boolean halves;
  private int linger = -1;

  /**
   * @param whenReadsStop runs when reading is switched off
   */
  MemoryConfig(Channel channel, ByteBufAllocator buffers, Runnable whenReadsStop) {
    super(channel);
    this.whenReadsStop = whenReadsStop;
    setAllocator(buffers);
  }

  @Override
  protected void autoReadCleared() {
    Channel of = channel;
    if (of.isRegistered() && !of.eventLoop().inEventLoop()) {
      of.eventLoop().execute(() -> clearedUnlessOn());
    } else {
      whenReadsStop.run();
    }
  }

  private void clearedUnlessOn() {
    if (!isAutoRead()) {
      whenReadsStop.run();
    }
  }

  @Override
  public Map<ChannelOption<?>, Object> getOptions() {
    return getOptions(
        super.getOptions(), ChannelOption.ALLOW_HALF_CLOSURE, ChannelOption.SO_LINGER);
  }

  @Override
  @SuppressWarnings("unchecked") // each option has the type of its value
  public <T> T getOption(ChannelOption<T> option) {
    if (option.equals(ChannelOption.ALLOW_HALF_CLOSURE)) {
      return (T) Boolean.valueOf(halves);
    }
    if (option.equals(ChannelOption.SO_LINGER)) {
      return (T) Integer.valueOf(linger);
    }
    return super.getOption(option);
  }

  @Override
  public <T> boolean setOption(ChannelOption<T> option, T value) {
    if (option.equals(ChannelOption.ALLOW_HALF_CLOSURE)) {
      halves = (Boolean) value;
      return true;
    }
    if (option.equals(ChannelOption.SO_LINGER)) {
      linger = (Integer) value;
      return true;
    }
    return super.setOption(option, value);
  }

  boolean hasHalves() {
    return halves;
  }

  boolean resetsAtClose() {
    return linger == 0;
  }
}
