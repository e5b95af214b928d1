package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.syntax.Octets.CR;
import static dev.runnel.engine.internal.syntax.Octets.LF;

import dev.runnel.engine.Limits;
import dev.runnel.engine.internal.syntax.TrailerFields;
import dev.runnel.http.Headers;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The trailer section of a body in chunks, as it comes in (RFC 9112 7.1.2). */
final class TrailerSection {
  private final Limits limits;
  private byte[] section = new byte[2];
  private int length;
  private int lineStart;
  private @Nullable FieldLines lines;

  TrailerSection(Limits limits) {
    this.limits = limits;
  }

  /** Takes what the buffer has of the section, and gives whether its end was seen. */
  boolean read(ByteBuf in) throws RejectedException {
    while (in.isReadable()) {
      if (readLine(in)) {
        if (length - lineStart == 2 && section[lineStart] == CR) {
          return true;
        }
        field();
      }
    }
    return false;
  }

  Headers fields() {
    return lines == null ? Headers.EMPTY : lines.block(Arrays.copyOf(section, lineStart));
  }

  /** Adds bytes up to a line end, and gives whether it was there. */
  private boolean readLine(ByteBuf in) throws RejectedException {
    int available = in.bytesBefore(LF) + 1;
    int count = available > 0 ? available : in.readableBytes();
    // The empty line at the end does not count.
    if (count > limits.headerSection() + 2 - length) {
      throw tooLarge();
    }
    if (length + count > section.length) {
      section = Arrays.copyOf(section, Math.max(length + count, 2 * section.length));
    }
    in.readBytes(section, length, count);
    length += count;
    return available > 0;
  }

  private void field() throws RejectedException {
    if (length > limits.headerSection()) {
      throw tooLarge();
    }
    if (lines == null) {
      lines = new FieldLines(limits.headerFields());
      lines.begin(0);
    }
    // The line has its LF, so it is either parsed to the end or refused.
    lines.parse(section, lineStart, length);
    int line = lines.count() - 1;
    String name = lines.name(section, line);
    if (TrailerFields.isForbidden(name)) {
      throw new RejectedException(Violation.FORBIDDEN_TRAILER, lines.where(section, line));
    }
    lineStart = length;
  }

  private RejectedException tooLarge() {
    return new RejectedException(
        Violation.TRAILERS_TOO_LARGE, "the limit is " + limits.headerSection());
  }
}
