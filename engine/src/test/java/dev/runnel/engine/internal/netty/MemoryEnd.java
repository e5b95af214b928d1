package dev.runnel.engine.internal.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.local.LocalServerChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A raw server or proxy in memory: what it gets is kept, and it says what the test wants. */
final class MemoryEnd implements AutoCloseable {
  private final LocalTransport memory;
  private final Channel listener;
  private final List<Channel> accepted = new ArrayList<>();
  private final ByteArrayOutputStream got = new ByteArrayOutputStream();

  MemoryEnd(LocalTransport memory) {
    this.memory = memory;
    this.listener =
        new ServerBootstrap()
            .group(memory.loop())
            .channel(LocalServerChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    accepted.add(channel);
                    channel.pipeline().addLast(new Ear());
                  }
                })
            .bind(memory.address())
            .channel();
    memory.run();
  }

  /** All that came, as Latin-1, and forgets it. */
  String got() {
    String text = got.toString(StandardCharsets.ISO_8859_1);
    got.reset();
    return text;
  }

  int accepted() {
    return accepted.size();
  }

  int open() {
    return (int) accepted.stream().filter(Channel::isActive).count();
  }

  void say(String text) {
    last().writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    memory.run();
  }

  void hangUp() {
    last().close();
    memory.run();
  }

  private Channel last() {
    return accepted.get(accepted.size() - 1);
  }

  @Override
  public void close() {
    accepted.forEach(Channel::close);
    listener.close();
    memory.run();
  }

  private final class Ear extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      ByteBuf in = (ByteBuf) message;
      while (in.isReadable()) {
        got.write(in.readByte());
      }
      in.release();
    }
  }
}
