package dev.runnel.engine.internal.h1;

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

/** Scratch of a parser: the fields of a request that the connection itself must understand. */
final class KnownFields extends ConnectionFields {
  private int host;
  private boolean expectContinue;

  KnownFields(FieldLines lines) {
    super(lines);
  }

  @Override
  void begin() {
    super.begin();
    host = NONE;
    expectContinue = false;
  }

  @Override
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
      default -> super.see(data, line);
    }
  }

  /** Holds the fields against each other once the section is whole. */
  void check(byte[] data, Version version) throws RejectedException {
    if (host == NONE && version != Version.HTTP_1_0) {
      throw new RejectedException(HOST_MISSING, null);
    }
    if (!chunked()) {
      return;
    }
    if (version == Version.HTTP_1_0) {
      throw new RejectedException(TRANSFER_ENCODING_IN_HTTP_1_0, null);
    }
    if (contentLength != NONE) {
      throw new RejectedException(CONTENT_LENGTH_WITH_TRANSFER_ENCODING, null);
    }
    requireChunked(data);
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

  @Override
  void contentLength(byte[] data, int line) throws RejectedException {
    if (contentLength != NONE) {
      throw new RejectedException(CONTENT_LENGTH_REPEATED, lines.where(data, line));
    }
    contentLength = length(data, lines.valueStart(line), lines.valueEnd(line));
  }

  /** The line of the Host field, or -1. */
  int host() {
    return host;
  }

  boolean expectContinue() {
    return expectContinue;
  }
}
