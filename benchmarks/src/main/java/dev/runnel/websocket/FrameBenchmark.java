package dev.runnel.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.runnel.io.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a server pays for a frame of text: from the received buffer to a message, with the mask off
 * and the text checked, and from a string to the bytes on the wire. Ours with the copy that the
 * connection makes of what it received; Netty's decoder, validator and encoder in channels that
 * cost next to nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FrameBenchmark {
  private static final int KEY = 0x37fa213d;
  private static final int MOST = 1 << 20;

  /** Which codec works. */
  @Param({"runnel", "netty"})
  public String codec;

  /** Bytes of the message. */
  @Param({"50", "4096"})
  public int size;

  private ByteBuf received = Unpooled.EMPTY_BUFFER;
  private String text = "";
  private Subject subject = new Runnel();

  /** Picks the codec. */
  @Setup
  public void setUp() {
    text = "x".repeat(size);
    Bytes payload = Bytes.copyOf(text.getBytes(US_ASCII));
    Bytes frame = Frames.masked(Frames.FIN | Frames.TEXT, payload, KEY);
    received = Unpooled.directBuffer(frame.length()).writeBytes(frame.toByteArray());
    subject = codec.equals("runnel") ? new Runnel() : new Netty();
    check();
  }

  /** A decoder that gave up is very fast. */
  @TearDown
  public void check() {
    int head = size <= Frames.MAX_CONTROL ? 2 : 4;
    if (decode() != size || encode() != head + size) {
      throw new IllegalStateException("a message got lost");
    }
  }

  /** A frame of a client, masked; gives the bytes of the message. */
  @Benchmark
  public int decode() {
    return subject.decode(received.readerIndex(0));
  }

  /** A frame of a server; gives the bytes that were written. */
  @Benchmark
  public int encode() {
    return subject.encode(text);
  }

  private interface Subject {
    int decode(ByteBuf in);

    int encode(String text);
  }

  private static final class Runnel implements Subject {
    private final FrameHead head = new FrameHead(true, false);
    private final Chunk chunk = new Chunk();
    private final Assembly assembly = new Assembly(null);
    private final ByteBuf out = Unpooled.directBuffer(16 << 10);

    @Override
    public int decode(ByteBuf in) {
      byte[] copy = new byte[in.readableBytes()];
      in.readBytes(copy);
      chunk.set(Bytes.Unsafe.wrap(copy));
      if (!head.read(chunk)) {
        throw new IllegalStateException("half a head");
      }
      assembly.begin(head);
      assembly.announce(head.length());
      assembly.add(chunk, (int) head.length(), head.key(), head.length(), head.isLast());
      head.reset();
      return assembly.take().bytes().length();
    }

    @Override
    public int encode(String text) {
      Bytes frame = Frames.of(Message.text(text));
      out.clear();
      out.writeBytes(Bytes.Unsafe.array(frame), Bytes.Unsafe.offset(frame), frame.length());
      return out.readableBytes();
    }
  }

  private static final class Netty implements Subject {
    private static final WebSocketDecoderConfig STRICT =
        WebSocketDecoderConfig.newBuilder()
            .expectMaskedFrames(true)
            .allowMaskMismatch(false)
            .maxFramePayloadLength(MOST)
            .build();

    private final Count count = new Count();
    private final EmbeddedChannel in =
        new EmbeddedChannel(
            new WebSocket13FrameDecoder(STRICT), new Utf8FrameValidator(), new Taker(count));
    private final EmbeddedChannel out =
        new EmbeddedChannel(new Giver(count), new WebSocket13FrameEncoder(false));

    @Override
    public int decode(ByteBuf bytes) {
      count.bytes = 0;
      in.pipeline().fireChannelRead(bytes.retain());
      return count.bytes;
    }

    @Override
    public int encode(String text) {
      count.bytes = 0;
      out.write(new TextWebSocketFrame(text), out.voidPromise());
      return count.bytes;
    }
  }

  private static final class Count {
    int bytes;
  }

  private static final class Taker extends ChannelInboundHandlerAdapter {
    private final Count count;

    Taker(Count count) {
      this.count = count;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      count.bytes += ((TextWebSocketFrame) message).content().readableBytes();
      ReferenceCountUtil.release(message);
    }
  }

  private static final class Giver extends ChannelOutboundHandlerAdapter {
    private final Count count;

    Giver(Count count) {
      this.count = count;
    }

    /** In front of the encoder: what it wrote ends here. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      count.bytes += ((ByteBuf) message).readableBytes();
      ReferenceCountUtil.release(message);
    }
  }
}
