package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Loop;
import dev.runnel.transport.ClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Undoes the content codings of answers (RFC 9110 8.4): gzip and deflate always, br where brotli4j
 * and zstd where zstd-jni is on the class path. What a body decodes to is capped, because a few
 * kilobytes can stand for gigabytes. An immutable value: methods that look like changes give
 * another one. May be used from any thread.
 *
 * <p>A body is decoded on its loop as it is read, at most 16 KiB ahead of its reader; br holds up
 * to 16 MiB besides and zstd up to 8 MiB, as their windows are. What cannot be decoded, is cut
 * short, has bytes behind its end or passes a cap fails the reading with {@link
 * ClientException.Reason#CONTENT_DECODING}, and gives the call up.
 */
public final class ContentDecoding {
  /** At most 1 GiB, and 1,000 to 1. */
  public static final ContentDecoding DEFAULT = new ContentDecoding(1L << 30, 1000);

  /** curl's bound (CVE-2022-32206): each coding takes memory before a byte is decoded. */
  private static final int MAX_CODINGS = 5;

  private final long maxBytes;
  private final int maxRatio;

  private ContentDecoding(long maxBytes, int maxRatio) {
    this.maxBytes = maxBytes;
    this.maxRatio = maxRatio;
  }

  /**
   * The value of Accept-Encoding that names what can be decoded here. The first call, or the first
   * decoding, loads the native libraries, so it is best made where it may take some milliseconds.
   */
  public static String acceptEncoding() {
    return Codings.ACCEPTED;
  }

  /**
   * A body is at most so many bytes, decoded. 1 GiB; 0 is no limit.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public ContentDecoding withMaxBytes(long bytes) {
    return new ContentDecoding(notNegative("maxBytes", bytes), maxRatio);
  }

  /**
   * A decoded body is less than so many times what was sent, once it is larger than 1 MiB. 1,000,
   * which deflate cannot pass by much whatever it is given; 0 is no limit.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public ContentDecoding withMaxRatio(int ratio) {
    return new ContentDecoding(maxBytes, (int) notNegative("maxRatio", ratio));
  }

  private static long notNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " must be 0 (no limit) or more, but is " + value);
    }
    return value;
  }

  /**
   * The answer with its body to be decoded as it is read, and without the Content-Encoding and
   * Content-Length that spoke of the coded one. It stays as it is where there is nothing to decode
   * (HEAD, 204, 304, no coding), where a part of a coded body came (206), where one of the codings
   * is not known, and where its body did not come from the network (is no {@link Body.Source}).
   *
   * @param method that of the request
   * @throws ClientException if the body has more than 5 codings
   */
  public Response decode(Method method, Response response) {
    if (!(response.body() instanceof Body.Source coded)
        || method.equals(Method.HEAD)
        || response.status().forbidsBody()
        || response.status().equals(Status.PARTIAL_CONTENT)) {
      return response;
    }
    List<Step> steps = steps(response.headers());
    if (steps == null || steps.isEmpty()) {
      return response;
    }
    Headers headers =
        response
            .headers()
            .without(HeaderNames.CONTENT_ENCODING)
            .without(HeaderNames.CONTENT_LENGTH);
    return response.headers(headers).body(new DecodedBody(coded, steps));
  }

  /**
   * The body with the codings of a Content-Encoding value undone; the same reader where there are
   * none or one of them is not known. Whoever reads must read to the end or cancel, for the
   * decoders hold memory outside of the heap.
   *
   * @throws ClientException if there are more than 5 codings
   */
  public BodyReader decode(String contentEncoding, BodyReader coded) {
    List<Step> steps = steps(Headers.of(HeaderNames.CONTENT_ENCODING, contentEncoding));
    return steps == null ? coded : reader(steps, coded);
  }

  private BodyReader reader(List<Step> steps, BodyReader coded) {
    DecodingBudget budget = new DecodingBudget(maxBytes, maxRatio);
    BodyReader reader = coded;
    for (int i = steps.size() - 1; i >= 0; i--) { // the last applied is the first undone
      Step step = steps.get(i);
      reader = new DecodedReader(reader, step.coding, step.decoder.get(), budget);
    }
    return reader;
  }

  /** The codings in the order they were applied; null where one is not known. */
  private static @Nullable List<Step> steps(Headers headers) {
    List<Step> steps = new ArrayList<>(1);
    for (String line : headers.all(HeaderNames.CONTENT_ENCODING)) {
      for (String member : line.split(",", -1)) {
        String coding = member.strip().toLowerCase(Locale.ROOT);
        if (coding.isEmpty() || coding.equals("identity")) {
          continue;
        }
        Supplier<StreamDecoder> decoder = Codings.decoder(coding);
        if (decoder == null) {
          return null;
        }
        steps.add(new Step(coding, decoder));
      }
    }
    if (steps.size() > MAX_CODINGS) {
      throw new ClientException(
          ClientException.Reason.CONTENT_DECODING,
          "the body has "
              + steps.size()
              + " content codings, one upon the other; at most "
              + MAX_CODINGS
              + " are undone");
    }
    return steps;
  }

  private record Step(String coding, Supplier<StreamDecoder> decoder) {}

  private final class DecodedBody implements Body.Source {
    private final Body.Source coded;
    private final List<Step> steps;

    DecodedBody(Body.Source coded, List<Step> steps) {
      this.coded = coded;
      this.steps = steps;
    }

    @Override
    public @Nullable Loop home() {
      return coded.home();
    }

    @Override
    public BodyReader open() {
      return reader(steps, coded.open());
    }

    @Override
    public void discard() {
      coded.discard();
    }
  }
}
