package dev.runnel.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runnel.engine.Limits;
import dev.runnel.engine.internal.h1.RejectedException;
import dev.runnel.engine.internal.h1.RequestHead;
import dev.runnel.engine.internal.h1.RequestParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a request head costs from the received buffer to method, target and persistence: our parser,
 * with the copy into its scratch array, beside Netty's decoder in a channel that costs next to
 * nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ParserBenchmark {
  private static final int PIPELINED = 16;

  private static final String PLAIN =
      """
      GET /plaintext HTTP/1.1
      Host: localhost:8080

      """;

  private static final String BROWSER =
      """
      GET /search?q=jvm+http+framework&page=2 HTTP/1.1
      Host: www.example.org
      User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0
      Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8
      Accept-Language: de,en-US;q=0.7,en;q=0.3
      Accept-Encoding: gzip, deflate, br, zstd
      Referer: https://www.example.org/
      Connection: keep-alive
      Cookie: session=8f2b6a1c0d9e4f7a8b3c5d6e7f809112; theme=dark; _ga=GA1.2.123456789.17000
      Upgrade-Insecure-Requests: 1
      Sec-Fetch-Dest: document
      Sec-Fetch-Mode: navigate
      Sec-Fetch-Site: same-origin
      Sec-Fetch-User: ?1
      Priority: u=0, i

      """;

  /** Which parser works. */
  @Param({"runnel", "netty"})
  public String parser;

  private final ByteBuf plain = buffer(PLAIN, 1);
  private final ByteBuf browser = buffer(BROWSER, 1);
  private final ByteBuf pipelined = buffer(PLAIN, PIPELINED);
  private Subject subject;

  /** Picks the parser. */
  @Setup
  public void setUp() throws RejectedException {
    subject = parser.equals("runnel") ? new Runnel() : new Netty();
    check();
  }

  /**
   * A decoder that gave up is very fast: {@code HttpServerCodec} does so after 128 requests without
   * an answer. So the heads are counted before and after.
   */
  @TearDown
  public void check() throws RejectedException {
    require(plain(), 1, "/plaintext");
    require(browser(), 1, "/search?q=jvm+http+framework&page=2");
    require(pipelined(), PIPELINED, "/plaintext");
  }

  private static void require(int sum, int heads, String target) {
    int expected = heads * ("GET".length() + target.length() + 1);
    if (sum != expected) {
      throw new IllegalStateException("the heads add up to " + sum + ", not to " + expected);
    }
  }

  private static ByteBuf buffer(String lines, int times) {
    byte[] bytes = lines.replace("\n", "\r\n").repeat(times).getBytes(ISO_8859_1);
    return Unpooled.directBuffer(bytes.length).writeBytes(bytes);
  }

  /** A request as load generators send it. */
  @Benchmark
  public int plain() throws RejectedException {
    return subject.parse(plain.readerIndex(0));
  }

  /** A request as a browser sends it. */
  @Benchmark
  public int browser() throws RejectedException {
    return subject.parse(browser.readerIndex(0));
  }

  /** Sixteen plain requests in one read; the figure is for one of them. */
  @Benchmark
  @OperationsPerInvocation(PIPELINED)
  public int pipelined() throws RejectedException {
    return subject.parse(pipelined.readerIndex(0));
  }

  /** Parses all heads of a buffer, and gives something that depends on each of them. */
  private interface Subject {
    int parse(ByteBuf in) throws RejectedException;
  }

  private static final class Runnel implements Subject {
    private final RequestParser parser = new RequestParser(Limits.DEFAULT);
    private final byte[] scratch = new byte[64 << 10];

    @Override
    public int parse(ByteBuf in) throws RejectedException {
      int until = in.readableBytes();
      in.readBytes(scratch, 0, until);
      int sum = 0;
      for (int at = 0; at < until; ) {
        at = parser.parse(scratch, at, until);
        RequestHead head = parser.head();
        sum += head.method().name().length() + head.target().length();
        sum += head.persistent() ? 1 : 0;
      }
      return sum;
    }
  }

  private static final class Netty extends ChannelInboundHandlerAdapter implements Subject {
    private final EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder(), this);
    private int sum;

    @Override
    public int parse(ByteBuf in) {
      sum = 0;
      channel.pipeline().fireChannelRead(in.retain());
      return sum;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof HttpRequest request) {
        sum += request.method().name().length() + request.uri().length();
        sum += HttpUtil.isKeepAlive(request) ? 1 : 0;
      }
      ReferenceCountUtil.release(message);
    }
  }
}
