package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.syntax.Octets.CR;

import dev.runnel.engine.internal.syntax.Octets;

/**
 * The grammar of what may stand between the size of a chunk and its CR (RFC 9112 7.1.1), as a
 * machine that takes one byte at a time: {@code *( BWS ";" BWS name [ BWS "=" BWS ( token /
 * quoted-string ) ] )}. Nobody uses extensions; they are looked at because two parsers that
 * disagree about them disagree about where the body ends.
 */
enum ChunkExtension {
  /** Behind the size: the line may end. */
  SIZED,
  /** Behind an extension: the line may end. */
  ENDED,
  /** Behind white space that must be followed by a semicolon. */
  SPACED,
  /** Behind a semicolon. */
  BEFORE_NAME,
  NAME,
  /** Behind white space behind a name. */
  SPACED_NAME,
  /** Behind an equals sign. */
  BEFORE_VALUE,
  VALUE,
  QUOTED,
  /** Behind a backslash within quotes. */
  ESCAPED,
  /** Behind the CR: only LF may follow. */
  LINE_END,
  MALFORMED;

  ChunkExtension next(byte b) {
    return switch (this) {
      case SIZED, ENDED -> b == ';' ? BEFORE_NAME : space(b) ? SPACED : end(b);
      case SPACED -> b == ';' ? BEFORE_NAME : space(b) ? SPACED : MALFORMED;
      case BEFORE_NAME -> space(b) ? BEFORE_NAME : Octets.isToken(b) ? NAME : MALFORMED;
      case NAME -> Octets.isToken(b) ? NAME : b == '=' ? BEFORE_VALUE : afterName(b);
      case SPACED_NAME -> b == '=' ? BEFORE_VALUE : space(b) ? SPACED_NAME : SPACED.next(b);
      case BEFORE_VALUE ->
          b == '"' ? QUOTED : space(b) ? BEFORE_VALUE : Octets.isToken(b) ? VALUE : MALFORMED;
      case VALUE -> Octets.isToken(b) ? VALUE : ENDED.next(b);
      case QUOTED -> b == '"' ? ENDED : b == '\\' ? ESCAPED : text(b) ? QUOTED : MALFORMED;
      case ESCAPED -> text(b) ? QUOTED : MALFORMED;
      case LINE_END, MALFORMED -> MALFORMED;
    };
  }

  private static ChunkExtension afterName(byte b) {
    return space(b) ? SPACED_NAME : ENDED.next(b);
  }

  private static ChunkExtension end(byte b) {
    return b == CR ? LINE_END : MALFORMED;
  }

  private static boolean space(byte b) {
    return Octets.isSpace(b);
  }

  /** Visible, white or outside ASCII. */
  private static boolean text(byte b) {
    return (b >= ' ' && b != 0x7F) || b < 0 || b == '\t';
  }
}
