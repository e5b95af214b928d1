package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.Violation.BAD_CONTENT_LENGTH;

import dev.runnel.engine.internal.syntax.Octets;

/**
 * Scratch of a parser: the fields that say where a message ends and what becomes of its connection,
 * whichever end sent it (RFC 9112 6 and 9).
 */
abstract class ConnectionFields {
  static final int NONE = -1;

  final FieldLines lines;
  private int transferEncoding;
  long contentLength;
  private boolean upgradeField;
  private boolean close;
  private boolean keepAlive;
  private boolean upgradeOption;

  ConnectionFields(FieldLines lines) {
    this.lines = lines;
  }

  void begin() {
    transferEncoding = NONE;
    contentLength = NONE;
    upgradeField = false;
    close = false;
    keepAlive = false;
    upgradeOption = false;
  }

  /** Takes note of a line if its field is one of the known ones. */
  void see(byte[] data, int line) throws RejectedException {
    int name = lines.nameStart(line);
    switch (lines.nameEnd(line) - name) {
      case 7 -> {
        if (Octets.spells("upgrade", data, name)) {
          upgradeField |= lines.valueEnd(line) > lines.valueStart(line);
        }
      }
      case 10 -> {
        if (Octets.spells("connection", data, name)) {
          connection(data, lines.valueStart(line), lines.valueEnd(line));
        }
      }
      case 14 -> {
        if (Octets.spells("content-length", data, name)) {
          contentLength(data, line);
        }
      }
      case 17 -> {
        if (Octets.spells("transfer-encoding", data, name) && transferEncoding == NONE) {
          transferEncoding = line;
        }
      }
      default -> {}
    }
  }

  /** A Content-Length line was seen. */
  abstract void contentLength(byte[] data, int line) throws RejectedException;

  /** One length, of digits only (RFC 9110 8.6). */
  static long length(byte[] data, int start, int end) throws RejectedException {
    long length = start == end ? NONE : 0;
    for (int i = start; i < end && length >= 0; i++) {
      int digit = data[i] - '0';
      boolean fits = length <= (Long.MAX_VALUE - digit) / 10;
      length = Octets.isDigit(data[i]) && fits ? length * 10 + digit : NONE;
    }
    if (length < 0) {
      throw new RejectedException(BAD_CONTENT_LENGTH, Octets.quote(data, start, end));
    }
    return length;
  }

  /** That there is one coding, and that it is chunked. */
  final void requireChunked(byte[] data) throws RejectedException {
    TransferCodings.requireChunked(data, lines, transferEncoding);
  }

  private void connection(byte[] data, int from, int until) {
    int start = from;
    for (int i = from; i <= until; i++) {
      if (i == until || data[i] == ',') {
        option(data, start, i);
        start = i + 1;
      }
    }
  }

  private void option(byte[] data, int from, int until) {
    int start = from;
    int end = until;
    while (start < end && Octets.isSpace(data[start])) {
      start++;
    }
    while (end > start && Octets.isSpace(data[end - 1])) {
      end--;
    }
    switch (end - start) {
      case 5 -> close |= Octets.spells("close", data, start);
      case 7 -> upgradeOption |= Octets.spells("upgrade", data, start);
      case 10 -> keepAlive |= Octets.spells("keep-alive", data, start);
      default -> {}
    }
  }

  long contentLength() {
    return contentLength;
  }

  /** Whether there is a Transfer-Encoding; once all was checked, it is chunked. */
  boolean chunked() {
    return transferEncoding != NONE;
  }

  boolean closeRequested() {
    return close;
  }

  boolean keepAliveRequested() {
    return keepAlive;
  }

  boolean upgradeRequested() {
    return upgradeOption && upgradeField;
  }
}
