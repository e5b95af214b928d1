package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.Violation.BAD_CONTENT_LENGTH;
import static dev.runnel.engine.internal.h1.Violation.BAD_HOST;
import static dev.runnel.engine.internal.h1.Violation.CONTENT_LENGTH_REPEATED;
import static dev.runnel.engine.internal.h1.Violation.CONTENT_LENGTH_WITH_TRANSFER_ENCODING;
import static dev.runnel.engine.internal.h1.Violation.HOST_MISSING;
import static dev.runnel.engine.internal.h1.Violation.HOST_REPEATED;
import static dev.runnel.engine.internal.h1.Violation.TRANSFER_ENCODING_IN_HTTP_1_0;
import static dev.runnel.engine.internal.h1.Violation.UNKNOWN_EXPECTATION;

import dev.runnel.engine.internal.syntax.Authority;
import dev.runnel.engine.internal.syntax.Octets;
import dev.runnel.http.Version;

/** Scratch of a parser: the fields that the connection itself must understand. */
final class KnownFields {
  private static final int NONE = -1;

  private final FieldLines lines;
  private int host;
  private int transferEncoding;
  private long contentLength;
  private boolean expectContinue;
  private boolean upgradeField;
  private boolean close;
  private boolean keepAlive;
  private boolean upgradeOption;

  KnownFields(FieldLines lines) {
    this.lines = lines;
  }

  void begin() {
    host = NONE;
    transferEncoding = NONE;
    contentLength = NONE;
    expectContinue = false;
    upgradeField = false;
    close = false;
    keepAlive = false;
    upgradeOption = false;
  }

  /** Takes note of a line if its field is one of the known ones. */
  void see(byte[] data, int line) throws RejectedException {
    int name = lines.nameStart(line);
    switch (lines.nameEnd(line) - name) {
      case 4 -> {
        if (Octets.spells("host", data, name)) {
          host(data, line);
        }
      }
      case 6 -> {
        if (Octets.spells("expect", data, name)) {
          expect(data, line);
        }
      }
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

  /** Holds the fields against each other once the section is whole. */
  void check(byte[] data, Version version) throws RejectedException {
    if (host == NONE && version != Version.HTTP_1_0) {
      throw new RejectedException(HOST_MISSING, null);
    }
    if (transferEncoding == NONE) {
      return;
    }
    if (version == Version.HTTP_1_0) {
      throw new RejectedException(TRANSFER_ENCODING_IN_HTTP_1_0, null);
    }
    if (contentLength != NONE) {
      throw new RejectedException(CONTENT_LENGTH_WITH_TRANSFER_ENCODING, null);
    }
    TransferCodings.requireChunked(data, lines, transferEncoding);
  }

  private void host(byte[] data, int line) throws RejectedException {
    if (host != NONE) {
      throw new RejectedException(HOST_REPEATED, lines.where(data, line));
    }
    host = line;
    int start = lines.valueStart(line);
    int end = lines.valueEnd(line);
    // An empty value says that the target URI has no authority (RFC 9112 3.2).
    String flaw = start == end ? null : Authority.flaw(data, start, end);
    if (flaw != null) {
      throw new RejectedException(BAD_HOST, flaw);
    }
  }

  private void expect(byte[] data, int line) throws RejectedException {
    int start = lines.valueStart(line);
    int end = lines.valueEnd(line);
    if (!Octets.spells("100-continue", data, start, end)) {
      throw new RejectedException(UNKNOWN_EXPECTATION, Octets.quote(data, start, end));
    }
    expectContinue = true;
  }

  private void contentLength(byte[] data, int line) throws RejectedException {
    if (contentLength != NONE) {
      throw new RejectedException(CONTENT_LENGTH_REPEATED, lines.where(data, line));
    }
    int start = lines.valueStart(line);
    int end = lines.valueEnd(line);
    long length = start == end ? NONE : 0;
    for (int i = start; i < end && length >= 0; i++) {
      int digit = data[i] - '0';
      boolean fits = length <= (Long.MAX_VALUE - digit) / 10;
      length = Octets.isDigit(data[i]) && fits ? length * 10 + digit : NONE;
    }
    if (length < 0) {
      throw new RejectedException(BAD_CONTENT_LENGTH, Octets.quote(data, start, end));
    }
    contentLength = length;
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

  /** The line of the Host field, or -1. */
  int host() {
    return host;
  }

  long contentLength() {
    return contentLength;
  }

  boolean chunked() {
    return transferEncoding != NONE;
  }

  boolean closeRequested() {
    return close;
  }

  boolean keepAliveRequested() {
    return keepAlive;
  }

  boolean expectContinue() {
    return expectContinue;
  }

  boolean upgradeRequested() {
    return upgradeOption && upgradeField;
  }
}
