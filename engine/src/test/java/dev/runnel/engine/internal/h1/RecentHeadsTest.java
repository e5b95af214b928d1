package dev.runnel.engine.internal.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Limits;
import dev.runnel.engine.internal.link.LoopScratch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A head that is had again is the one that parsing would give, and nobody else's. */
class RecentHeadsTest {
  private static final String HEAD = "GET /a?b HTTP/1.1\r\nHost: h\r\nX-A: 1\r\n\r\n";

  private final RequestParser parser = new RequestParser(Limits.DEFAULT);
  private final LoopScratch scratch = new LoopScratch(Http1Loop.longestHead(Limits.DEFAULT));
  private final RecentHeads<RequestHead> recent = new RecentHeads<>();

  /** A connection, as far as heads go. */
  private final class Reader {
    private final HeadReader<RequestHead> heads;
    private final ByteBuf in = Unpooled.buffer();

    Reader(@Nullable RecentHeads<RequestHead> recent) {
      heads = new HeadReader<>(parser, scratch, recent);
    }

    @Nullable RequestHead next(String bytes) throws RejectedException {
      in.discardReadBytes();
      in.writeCharSequence(bytes, ISO_8859_1);
      heads.bufferChanged();
      return heads.next(in);
    }

    /** All that comes of these bytes, as text. */
    String read(byte[] bytes) {
      List<String> seen = new ArrayList<>();
      in.discardReadBytes();
      in.writeBytes(bytes);
      heads.bufferChanged();
      try {
        for (RequestHead head = heads.next(in); head != null; head = heads.next(in)) {
          seen.add(describe(head));
        }
      } catch (RejectedException e) {
        seen.add(e.getMessage());
        in.clear();
      }
      return seen + ", left " + in.readableBytes();
    }
  }

  private static String describe(RequestHead head) {
    StringBuilder out = new StringBuilder(head + " " + head.target() + " " + head.rawQuery());
    out.append(' ').append(head.authority()).append(' ').append(head.scheme());
    out.append(' ').append(head.bodyLength()).append(head.chunked()).append(head.persistent());
    out.append(head.expectContinue()).append(head.upgradeRequested());
    head.headers().forEach((name, value) -> out.append('|').append(name).append(':').append(value));
    return out.toString();
  }

  @Test
  void theSameBytesAreTheSameHead() throws RejectedException {
    Reader reader = new Reader(recent);
    RequestHead first = reader.next(HEAD);
    assertThat(reader.next(HEAD)).isNotNull().isSameAs(first);
    assertThat(reader.next(HEAD + HEAD)).isSameAs(first);
    assertThat(reader.next("")).isSameAs(first);
    assertThat(reader.in.isReadable()).isFalse();
  }

  @Test
  void anyOtherByteIsAnotherHead() throws RejectedException {
    Reader reader = new Reader(recent);
    for (String other :
        List.of(
            HEAD.replace("/a", "/b"),
            HEAD.replace("X-A: 1", "X-A: 2"),
            HEAD.replace("\r\n\r\n", "\r\nX-B: 1\r\n\r\n"),
            HEAD.replace("\r\nX-A: 1", ""),
            "\r\n" + HEAD)) {
      RequestHead first = reader.next(HEAD);
      RequestHead second = reader.next(other);
      assertThat(second).as(other).isNotSameAs(first);
      assertThat(describe(second)).isEqualTo(describe(new Reader(null).next(other)));
    }
  }

  @Test
  void aHeadThatIsNotWholeIsWaitedFor() throws RejectedException {
    Reader reader = new Reader(recent);
    RequestHead first = reader.next(HEAD);
    for (int i = 1; i < HEAD.length(); i++) {
      assertThat(reader.next(HEAD.substring(0, i))).as("%s bytes", i).isNull();
      assertThat(reader.next(HEAD.substring(i))).isNotNull().isSameAs(first);
    }
  }

  @Test
  void othersHaveTheirOwn() throws RejectedException {
    Reader one = new Reader(recent);
    RequestHead ones = one.next(HEAD);
    List<Reader> others = new ArrayList<>();
    for (int i = 0; i < 200; i++) { // many share a place
      others.add(new Reader(recent));
    }
    for (Reader other : others) {
      RequestHead theirs = other.next(HEAD);
      assertThat(theirs).isNotSameAs(ones);
      assertThat(other.next(HEAD)).isSameAs(theirs);
    }
    assertThat(describe(one.next(HEAD))).isEqualTo(describe(ones));
  }

  @Test
  void nothingIsKeptOfThoseThatEnded() throws RejectedException {
    Reader reader = new Reader(recent);
    RequestHead first = reader.next(HEAD);
    reader.heads.close();
    assertThat(reader.next(HEAD)).isNotSameAs(first);
  }

  @Test
  void longOnesAreNotKept() throws RejectedException {
    Reader reader = new Reader(recent);
    String head = HEAD.replace("X-A: 1", "X-A: " + "1".repeat(1 << 10));
    assertThat(reader.next(head)).isNotSameAs(reader.next(head));
    assertThat(reader.next(HEAD)).isSameAs(reader.next(HEAD));
  }

  /** Good and broken requests, many of them twice or more, at once or in two pieces. */
  @Test
  void whatIsReadIsWhatIsParsed() {
    Mutations mutations = new Mutations(20261121);
    Random random = new Random(4711);
    Reader ours = new Reader(recent);
    Reader plain = new Reader(null);
    byte[] bytes = HEAD.getBytes(ISO_8859_1);
    for (int i = 0; i < 50_000; i++) {
      if (random.nextInt(3) == 0) {
        bytes = mutations.next();
      }
      int cut = random.nextInt(4) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
      byte[] first = Arrays.copyOf(bytes, cut);
      byte[] second = Arrays.copyOfRange(bytes, cut, bytes.length);
      assertThat(ours.read(first)).isEqualTo(plain.read(first));
      assertThat(ours.read(second)).isEqualTo(plain.read(second));
    }
  }
}
