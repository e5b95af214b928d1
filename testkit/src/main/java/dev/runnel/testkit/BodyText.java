package dev.runnel.testkit;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A body as people can read it: whole if it is short, and counted if it is no text. */
final class BodyText {
  /** Characters; two screens. */
  private static final int SHOWN = 4_000;

  private BodyText() {}

  static String of(byte[] body) {
    if (body.length == 0) {
      return "(no body)";
    }
    String text;
    try {
      CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
      text = decoded.toString();
    } catch (CharacterCodingException e) {
      return "(" + body.length + " bytes that are no UTF-8)";
    }
    if (text.chars().anyMatch(BodyText::isControl)) {
      return "(" + body.length + " bytes with control characters)";
    }
    return text.length() <= SHOWN
        ? text
        : text.substring(0, SHOWN) + "... (" + body.length + " bytes in all)";
  }

  private static boolean isControl(int c) {
    return Character.isISOControl(c) && !Character.isWhitespace(c);
  }
}
