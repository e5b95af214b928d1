package dev.runnel.http;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding as the application/x-www-form-urlencoded serializer does it (WHATWG URL 5.2).
 */
final class FormEncoding {
  private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);
  private static final String HEX = "0123456789ABCDEF";

  private FormEncoding() {}

  static void append(StringBuilder out, String text) {
    ByteBuffer bytes = utf8(text);
    while (bytes.hasRemaining()) {
      int b = bytes.get() & 0xFF;
      if (isPlain(b)) {
        out.append((char) b);
      } else if (b == ' ') {
        out.append('+');
      } else {
        out.append('%').append(HEX.charAt(b >> 4)).append(HEX.charAt(b & 0xF));
      }
    }
  }

  private static boolean isPlain(int b) {
    return (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || (b >= '0' && b <= '9')
        || b == '*'
        || b == '-'
        || b == '.'
        || b == '_';
  }

  /**
   * A lone surrogate has no UTF-8 form; the standard sends U+FFFD, String.getBytes a question mark.
   */
  private static ByteBuffer utf8(String text) {
    try {
      return StandardCharsets.UTF_8
          .newEncoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .replaceWith(REPLACEMENT)
          .encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw new AssertionError(e); // UTF-8 maps every other character
    }
  }
}
