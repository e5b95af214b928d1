package dev.runnel.conformance.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runnel.engine.Limits;
import dev.runnel.engine.internal.h1.ChunkedDecoder;
import dev.runnel.engine.internal.h1.RejectedException;
import dev.runnel.engine.internal.h1.RequestHead;
import dev.runnel.engine.internal.h1.RequestReading;
import dev.runnel.http.Headers;
import dev.runnel.http.Version;
import dev.runnel.io.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Takes any bytes for an HTTP/1.1 request, and again for a body in chunks. Nothing may be thrown
 * but a rejection, no split may change the verdict, and what is accepted must keep what a handler
 * relies on.
 */
public final class RequestFuzzTarget {
  /** Up to here a request is also read byte by byte, which costs the square of its length. */
  private static final int SHORT = 48;

  /** A space before each value may carry a head that just fitted over the limit. */
  private static final Limits LARGER = Limits.DEFAULT.withHeaders(32 << 10, 100);

  private static final Pattern TARGET = Pattern.compile("[!-~&&[^\"<>#]]+");
  private static final Pattern VALUE = Pattern.compile("[\\t -~\\x80-\\xFF]*");
  private static final Pattern AUTHORITY = Pattern.compile("[^\\s@/?#\\\\]*");
  private static final Pattern MESSAGE = Pattern.compile("[ -~]{1,200}");

  private RequestFuzzTarget() {}

  /** What the fuzzer calls. */
  public static void fuzzerTestOneInput(byte[] input) {
    RequestReading whole = RequestReading.whole(Limits.DEFAULT, input);
    String verdict = whole.describe();
    for (int[] ends : splits(input)) {
      same(verdict, RequestReading.split(Limits.DEFAULT, input, false, ends).describe());
      same(verdict, RequestReading.split(Limits.DEFAULT, input, true, ends).describe());
    }
    checkMessage(whole.rejection());
    if (whole.head() != null) {
      checkHead(whole.head());
      same(verdictOnHead(whole.head()), verdictOnHead(reread(whole.head())));
    }
    if (whole.isDone()) {
      hold(whole.end() <= input.length, "the request ends behind the input");
    }
    checkChunks(input);
  }

  /** Two splits that depend on nothing but the input, and all of them at once if it is short. */
  private static int[][] splits(byte[] input) {
    Random random = new Random(Arrays.hashCode(input));
    int length = input.length;
    int[] few = ends(random.ints(3, 0, length + 1), length);
    return length > SHORT
        ? new int[][] {few, ends(random.ints(1, 0, length + 1), length)}
        : new int[][] {few, IntStream.rangeClosed(0, length).toArray()};
  }

  private static int[] ends(IntStream cuts, int length) {
    return IntStream.concat(cuts, IntStream.of(length)).sorted().toArray();
  }

  /** What no accepted head may have, whatever the parser thinks of it. */
  private static void checkHead(RequestHead head) {
    Headers headers = head.headers();
    boolean modern = head.version() == Version.HTTP_1_1;
    int hosts = headers.all("Host").size();
    int lengths = headers.all("Content-Length").size();
    int codings = headers.all("Transfer-Encoding").size();
    hold(hosts == 1 || (hosts == 0 && !modern), "hosts: " + hosts);
    hold(lengths + codings <= 1, "two ways of framing");
    hold(codings == 0 || (modern && head.chunked()), "a transfer coding that is not obeyed");
    hold(head.chunked() == (codings == 1), "chunked without Transfer-Encoding");
    hold(
        lengths == 0
            ? head.contentLength() == -1
            : head.contentLength() == Long.parseLong(headers.all("Content-Length").get(0)),
        "Content-Length");
    hold(TARGET.matcher(head.target()).matches(), "target");
    hold(AUTHORITY.matcher(head.authority()).matches(), "authority");
    hold(head.rawPath().startsWith("/") || head.rawPath().equals("*"), "path");
    headers.forEach((name, value) -> hold(VALUE.matcher(value).matches(), "value of " + name));
  }

  private static RequestHead reread(RequestHead head) {
    StringBuilder text = new StringBuilder();
    text.append(head.method()).append(' ').append(head.target()).append(' ');
    text.append(head.version()).append("\r\n");
    head.headers()
        .forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    byte[] data = text.append("\r\n").toString().getBytes(ISO_8859_1);
    RequestReading again = RequestReading.whole(LARGER, data);
    hold(again.head() != null, "the head is not accepted again");
    return again.head();
  }

  private static String verdictOnHead(RequestHead head) {
    StringBuilder out = new StringBuilder();
    out.append(head.method()).append('\n').append(head.target()).append('\n');
    out.append(head.rawPath()).append('\n').append(head.rawQuery()).append('\n');
    out.append(head.version()).append(head.scheme()).append(head.authority()).append('\n');
    out.append(head.contentLength()).append(head.chunked()).append(head.persistent());
    out.append(head.expectContinue()).append(head.upgradeRequested()).append('\n');
    head.headers()
        .forEach((name, value) -> out.append(name).append(':').append(value).append('\n'));
    return out.toString();
  }

  private static void checkChunks(byte[] input) {
    String verdict = chunks(input, input.length);
    for (int[] ends : splits(input)) {
      same(verdict, chunks(input, ends));
    }
  }

  private static String chunks(byte[] input, int... ends) {
    ChunkedDecoder decoder = new ChunkedDecoder(Limits.DEFAULT);
    ByteBuf in = Unpooled.wrappedBuffer(input).writerIndex(0);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    String end = "";
    try {
      for (int until : ends) {
        in.writerIndex(Math.min(until, input.length));
        for (Bytes piece = decoder.next(in); piece != null; piece = decoder.next(in)) {
          hold(piece.length() > 0 && piece.length() <= 64 << 10, "length of a piece");
          body.writeBytes(piece.toByteArray());
        }
        hold(decoder.done() || !in.isReadable(), "bytes were left");
      }
    } catch (RejectedException e) {
      checkMessage(e);
      end = e.getMessage();
    }
    hold(body.size() <= input.length, "the body is longer than the input");
    return body.toString(ISO_8859_1) + end + decoder.done() + list(decoder.trailers());
  }

  private static String list(Headers headers) {
    StringBuilder out = new StringBuilder();
    headers.forEach((name, value) -> out.append(name).append(':').append(value).append('\n'));
    return out.toString();
  }

  private static void checkMessage(@Nullable RejectedException rejection) {
    hold(
        rejection == null || MESSAGE.matcher(rejection.getMessage()).matches(),
        "the message may not be printable");
  }

  private static void same(String whole, String split) {
    hold(whole.equals(split), "read differently:\n" + whole + "\n--- and\n" + split);
  }

  private static void hold(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
