package dev.runnel.engine.internal.h1;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.runnel.engine.internal.link.LoopScratch;
import dev.runnel.http.Headers;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * What an answer costs from a status, fields and content to the bytes on the wire: our encoder
 * writes all into the buffer of the connection, Netty's comes with a buffer of its own for the head
 * and is in a channel that costs next to nothing. Netty's response object is made in the
 * measurement, as is our head, because each request needs one.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ResponseEncoderBenchmark {
  private static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
  private static final byte[] CONTENT = "Hello, World!".getBytes(US_ASCII);

  private static final String[] PLAIN = {"Content-Type", "text/plain; charset=utf-8"};

  private static final String[] SITE = {
    "Content-Type", "text/html; charset=utf-8",
    "Cache-Control", "private, max-age=0, must-revalidate",
    "ETag", "\"8f2b6a1c0d9e4f7a8b3c5d6e7f809112\"",
    "Vary", "Accept-Encoding, Accept-Language",
    "Strict-Transport-Security", "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options", "nosniff",
    "Set-Cookie", "session=8f2b6a1c0d9e4f7a8b3c5d6e7f809112; Path=/; HttpOnly; Secure",
  };

  /** Which encoder works. */
  @Param({"runnel", "netty"})
  public String encoder;

  private Subject subject = new Runnel();

  /** Picks the encoder. */
  @Setup
  public void setUp() {
    subject = encoder.equals("runnel") ? new Runnel() : new Netty();
    require(plain(), PLAIN);
    require(site(), SITE);
  }

  /** Whoever writes something else than an answer may be faster. */
  private static void require(int bytes, String[] fields) {
    int expected = "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n".length() + CONTENT.length;
    expected += "Date: \r\n".length() + DATE.length();
    for (String part : fields) {
      expected += part.length() + 2; // colon and space, or the end of the line
    }
    if (bytes != expected) {
      throw new IllegalStateException(bytes + " bytes were written, not " + expected);
    }
  }

  /** An answer as benchmarks ask for it: one field besides Date and Content-Length. */
  @Benchmark
  public int plain() {
    return subject.write(PLAIN);
  }

  /** An answer as sites give it: seven fields besides those two. */
  @Benchmark
  public int site() {
    return subject.write(SITE);
  }

  private interface Subject {
    /** Writes a whole answer, and says how long it is. */
    int write(String[] fields);
  }

  private static final class Runnel implements Subject {
    private final ResponseEncoder encoder = new ResponseEncoder();
    private final LoopScratch scratch = new LoopScratch(64 << 10);
    private final byte[] date = DATE.getBytes(US_ASCII);
    private final ByteBuf out = Unpooled.directBuffer(16 << 10);

    @Override
    public int write(String[] fields) {
      out.clear();
      ResponseHead head = new ResponseHead(Status.OK, Headers.of(fields));
      encoder.head(out, scratch, head, CONTENT.length, 0, date);
      out.writeBytes(CONTENT);
      return out.readableBytes();
    }
  }

  private static final class Netty extends ChannelOutboundHandlerAdapter implements Subject {
    private static final DefaultHttpHeadersFactory HEADERS =
        DefaultHttpHeadersFactory.headersFactory();

    private final EmbeddedChannel channel = new EmbeddedChannel(this, new HttpResponseEncoder());
    private int written;

    @Override
    public int write(String[] fields) {
      written = 0;
      DefaultFullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.OK,
              Unpooled.wrappedBuffer(CONTENT),
              HEADERS,
              DefaultHttpHeadersFactory.trailersFactory());
      for (int i = 0; i < fields.length; i += 2) {
        response.headers().add(fields[i], fields[i + 1]);
      }
      response.headers().add("Date", DATE).add("Content-Length", Integer.toString(CONTENT.length));
      channel.write(response, channel.voidPromise());
      return written;
    }

    /** In front of the encoder: what it wrote ends here. */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      written += ((ByteBuf) message).readableBytes();
      ReferenceCountUtil.release(message);
    }
  }
}
