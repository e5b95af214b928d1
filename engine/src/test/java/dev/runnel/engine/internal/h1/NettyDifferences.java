package dev.runnel.engine.internal.h1;

import static java.util.Map.entry;

import io.netty.handler.codec.http.InvalidChunkExtensionException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Where our parser means to differ from Netty's decoder (4.2.18, its defaults), and why. */
final class NettyDifferences {
  /** What we refuse and Netty takes, by the rule that is broken. */
  static final Map<Violation, String> STRICTER =
      Map.ofEntries(
          entry(Violation.BAD_METHOD, "takes any white space or control between the parts"),
          entry(Violation.BAD_REQUEST_LINE, "takes several spaces and several empty lines"),
          entry(Violation.BAD_VERSION, "does not mind the case of a version, nor controls before"),
          entry(Violation.UNSUPPORTED_VERSION, "leaves the version to the handler"),
          entry(Violation.BARE_CR, "skips controls before a request and takes them for spaces"),
          entry(Violation.BARE_LF, "skips controls before a request"),
          entry(Violation.BAD_TARGET, "does not look at the target"),
          entry(Violation.BAD_TARGET_FORM, "does not look at the target"),
          entry(Violation.BAD_AUTHORITY, "does not look at the target"),
          entry(Violation.BAD_PERCENT, "does not look at the target"),
          entry(Violation.HOST_MISSING, "leaves Host to the handler"),
          entry(Violation.HOST_REPEATED, "leaves Host to the handler"),
          entry(Violation.BAD_HOST, "leaves Host to the handler"),
          entry(Violation.OBS_FOLD, "unfolds lines, which RFC 9112 5.2 allows as well"),
          entry(Violation.TOO_MANY_FIELDS, "limits bytes, not lines"),
          entry(Violation.UNKNOWN_TRANSFER_CODING, "leaves codings before chunked to the handler"),
          entry(Violation.BAD_TRANSFER_ENCODING, "skips empty members of the list"),
          entry(Violation.UNKNOWN_EXPECTATION, "leaves Expect to the handler"),
          entry(Violation.BAD_CHUNK_SIZE, "takes any number of zeros before a size"),
          entry(Violation.BAD_CHUNK_EXTENSION, "takes empty extensions and bare words"),
          entry(Violation.CHUNK_EXTENSIONS_TOO_LONG, "limits a line, not all extensions of a body"),
          entry(Violation.FORBIDDEN_TRAILER, "drops the field, or takes it when it is another"));

  /** What Netty refuses and we take. */
  static final List<Looser> LOOSER =
      List.of(
          new Looser(
              "request lines above 4 KiB",
              "our limit is 8 KiB",
              netty -> netty instanceof TooLongHttpLineException),
          new Looser(
              "header sections above 8 KiB",
              "our limit is 16 KiB",
              netty -> netty instanceof TooLongHttpHeaderException),
          new Looser(
              "chunks of 2 GiB and more",
              "its sizes are ints; RFC 9112 7.1 wants large ones parsed",
              netty -> says(netty, NumberFormatException.class, "Chunk size overflow")),
          new Looser(
              "white space around the parts of an extension",
              "RFC 9112 7.1.1 has it parsed as bad white space",
              netty -> netty instanceof InvalidChunkExtensionException),
          new Looser(
              "an escaped octet above ASCII in a quoted extension",
              "RFC 9110 5.6.4 allows it; its table ends at 127 and the look-up throws",
              netty -> says(netty, IndexOutOfBoundsException.class, "bitIndex")));

  private NettyDifferences() {}

  private static boolean says(Throwable error, Class<?> type, String text) {
    return type.isInstance(error) && String.valueOf(error.getMessage()).contains(text);
  }

  /**
   * A class of requests that Netty refuses and we take.
   *
   * @param name what they have
   * @param why the reason for the difference
   * @param refusal how Netty refuses them
   */
  record Looser(String name, String why, Predicate<Throwable> refusal) {}
}
