package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.Violation.BAD_TRANSFER_ENCODING;
import static dev.runnel.engine.internal.h1.Violation.UNKNOWN_TRANSFER_CODING;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runnel.engine.internal.syntax.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Judges Transfer-Encoding (RFC 9112 6.1, 6.3). Only one line that says {@code chunked} is taken.
 * Of the rest, codings before a final chunked are 501: framed well, but not understood. What does
 * not end with chunked has no length that could be relied on, and is 400 whatever the coding.
 */
final class TransferCodings {
  private TransferCodings() {}

  static void requireChunked(byte[] data, FieldLines lines, int first) throws RejectedException {
    int start = lines.valueStart(first);
    int end = lines.valueEnd(first);
    boolean once = Octets.spells("chunked", data, start, end);
    for (int i = first + 1; i < lines.count(); i++) {
      once &= !isTransferEncoding(data, lines, i);
    }
    if (!once) {
      throw rejection(codings(data, lines));
    }
  }

  private static boolean isTransferEncoding(byte[] data, FieldLines lines, int line) {
    return Octets.spells("transfer-encoding", data, lines.nameStart(line), lines.nameEnd(line));
  }

  private static List<String> codings(byte[] data, FieldLines lines) {
    List<String> codings = new ArrayList<>();
    for (int i = 0; i < lines.count(); i++) {
      if (isTransferEncoding(data, lines, i)) {
        int start = lines.valueStart(i);
        String value = new String(data, start, lines.valueEnd(i) - start, ISO_8859_1);
        for (String coding : value.toLowerCase(Locale.ROOT).split(",", -1)) {
          codings.add(coding.strip());
        }
      }
    }
    return codings;
  }

  private static RejectedException rejection(List<String> codings) {
    int last = codings.size() - 1;
    if (!codings.get(last).equals("chunked")) {
      return new RejectedException(BAD_TRANSFER_ENCODING, "the last coding is not chunked");
    }
    for (String coding : codings.subList(0, last)) {
      if (coding.startsWith("chunked")) {
        return new RejectedException(BAD_TRANSFER_ENCODING, "chunked stands there twice");
      }
      if (!isCoding(coding)) {
        return new RejectedException(BAD_TRANSFER_ENCODING, "a coding is malformed");
      }
    }
    return new RejectedException(UNKNOWN_TRANSFER_CODING, null);
  }

  /** Parameters are not looked at: the coding is refused in any case. */
  private static boolean isCoding(String coding) {
    int end = coding.indexOf(';');
    String name = end < 0 ? coding : coding.substring(0, end).strip();
    for (byte b : name.getBytes(ISO_8859_1)) {
      if (!Octets.isToken(b)) {
        return false;
      }
    }
    return !name.isEmpty();
  }
}
