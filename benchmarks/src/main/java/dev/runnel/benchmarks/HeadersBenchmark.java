package dev.runnel.benchmarks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runnel.http.HeaderBlock;
import dev.runnel.http.Headers;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * What headers cost: ours of strings, ours over the bytes of a received head, and Netty's. The
 * section is that of a browser, thirteen fields.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class HeadersBenchmark {
  private static final String[] BROWSER = {
    "Host", "www.example.org",
    "User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language", "de,en-US;q=0.7,en;q=0.3",
    "Accept-Encoding", "gzip, deflate, br, zstd",
    "Referer", "https://www.example.org/",
    "Connection", "keep-alive",
    "Cookie", "session=8f2b6a1c0d9e4f7a8b3c5d6e7f809112; theme=dark; _ga=GA1.2.123456789.17000",
    "Upgrade-Insecure-Requests", "1",
    "Sec-Fetch-Dest", "document",
    "Sec-Fetch-Mode", "navigate",
    "Sec-Fetch-Site", "same-origin",
    "Priority", "u=0, i",
  };

  /**
   * Which headers: {@code strings} are those that a user builds, {@code received} a request's. What
   * is built is of strings for both.
   */
  @Param({"strings", "received", "netty"})
  public String headers;

  // Asked for as a program writes it, which is not the object in the section.
  private final String present = lower("Cookie");
  private final String absent = lower("Authorization");
  private Subject subject = new Ours(Headers.EMPTY);

  /** Picks the headers. */
  @Setup
  public void setUp() {
    subject =
        switch (headers) {
          case "strings" -> new Ours(Headers.of(BROWSER));
          case "received" -> new Ours(received());
          default -> new Netty();
        };
    if (subject.get(present) == null || subject.get(absent) != null) {
      throw new IllegalStateException("these headers find what is not there, or not what is");
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static Headers received() {
    StringBuilder head = new StringBuilder();
    int[] index = new int[HeaderBlock.STRIDE * BROWSER.length / 2];
    for (int i = 0; i < BROWSER.length; i++) {
      index[2 * i] = head.length();
      head.append(BROWSER[i]);
      index[2 * i + 1] = head.length();
      head.append(i % 2 == 0 ? ": " : "\r\n");
    }
    return new HeaderBlock(head.toString().getBytes(ISO_8859_1), index, BROWSER.length / 2);
  }

  /** The value of a field in the middle. */
  @Benchmark
  public @Nullable String lookup() {
    return subject.get(present);
  }

  /** A field that is not there, such as those that a server looks for in each request. */
  @Benchmark
  public @Nullable String miss() {
    return subject.get(absent);
  }

  /**
   * All names and values. Those that were received become strings when asked for, the values only
   * once: what is measured is every time but the first.
   */
  @Benchmark
  public void iterate(Blackhole to) {
    subject.iterate(to);
  }

  /** An answer's four fields, one after the other; each of ours is a copy. */
  @Benchmark
  public Object build() {
    return subject.build();
  }

  /** The same four at once: of Netty there is no such way, so they are added again. */
  @Benchmark
  public Object buildAtOnce() {
    return subject.buildAtOnce();
  }

  private interface Subject {
    @Nullable String get(String name);

    void iterate(Blackhole to);

    Object build();

    Object buildAtOnce();
  }

  private record Ours(Headers fields) implements Subject {
    @Override
    public @Nullable String get(String name) {
      return fields.get(name);
    }

    @Override
    public void iterate(Blackhole to) {
      for (Headers.Field field : fields) {
        to.consume(field.name());
        to.consume(field.value());
      }
    }

    @Override
    public Object build() {
      return Headers.EMPTY
          .with("Content-Type", "text/html; charset=utf-8")
          .with("Cache-Control", "no-store")
          .with("Vary", "Accept-Encoding")
          .with("X-Request-Id", "8f2b6a1c0d9e4f7a");
    }

    @Override
    public Object buildAtOnce() {
      return Headers.of(
          "Content-Type",
          "text/html; charset=utf-8",
          "Cache-Control",
          "no-store",
          "Vary",
          "Accept-Encoding",
          "X-Request-Id",
          "8f2b6a1c0d9e4f7a");
    }
  }

  private static final class Netty implements Subject {
    private final HttpHeaders fields = new DefaultHttpHeaders();

    Netty() {
      List<String> all = List.of(BROWSER);
      for (int i = 0; i < all.size(); i += 2) {
        fields.add(all.get(i), all.get(i + 1));
      }
    }

    @Override
    public @Nullable String get(String name) {
      return fields.get(name);
    }

    @Override
    public void iterate(Blackhole to) {
      for (var all = fields.iteratorCharSequence(); all.hasNext(); ) {
        Map.Entry<CharSequence, CharSequence> field = all.next();
        to.consume(field.getKey());
        to.consume(field.getValue());
      }
    }

    @Override
    public Object build() {
      return new DefaultHttpHeaders()
          .add("Content-Type", "text/html; charset=utf-8")
          .add("Cache-Control", "no-store")
          .add("Vary", "Accept-Encoding")
          .add("X-Request-Id", "8f2b6a1c0d9e4f7a");
    }

    @Override
    public Object buildAtOnce() {
      return build();
    }
  }
}
