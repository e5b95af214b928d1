package dev.runnel.client;

import java.util.zip.CRC32;

/** The head of a member of a gzip stream (RFC 1952 2.3), read byte by byte; nothing is kept. */
final class GzipHeader {
  private static final int FIXED = 10;
  private static final int FHCRC = 2;
  private static final int FEXTRA = 4;
  private static final int FNAME = 8;
  private static final int FCOMMENT = 16;
  private static final int RESERVED = 0xE0;

  private final CRC32 crc = new CRC32();
  private int taken;
  private int flags;
  private int extraBytes;
  private int extra;
  private int crcBytes;
  private int crc16;

  /** Whether no byte of it was seen. */
  boolean isFresh() {
    return taken == 0;
  }

  /**
   * Takes the next byte.
   *
   * @return whether it was the last one
   */
  boolean take(int b) throws CodingException {
    if (taken < FIXED) {
      fixed(b);
      taken++;
      crc.update(b);
      return taken == FIXED && flags == 0;
    }
    if ((flags & (FEXTRA | FNAME | FCOMMENT)) != 0) {
      crc.update(b);
      optional(b);
      return flags == 0;
    }
    return checksum(b);
  }

  private void fixed(int b) throws CodingException {
    switch (taken) {
      case 0 -> require(b == 0x1F, "does not begin with the mark of gzip");
      case 1 -> require(b == 0x8B, "does not begin with the mark of gzip");
      case 2 -> require(b == 8, "names the unknown compression method " + b);
      case 3 -> {
        require((b & RESERVED) == 0, "sets flags that RFC 1952 reserves");
        flags = b & (FHCRC | FEXTRA | FNAME | FCOMMENT); // FTEXT changes nothing
      }
      default -> {} // time, extra flags and system: of no use here
    }
  }

  private static void require(boolean holds, String otherwise) throws CodingException {
    if (!holds) {
      throw new CodingException("a member " + otherwise);
    }
  }

  private void optional(int b) {
    if ((flags & FEXTRA) != 0) {
      if (extraBytes < 2) {
        extra |= b << (8 * extraBytes);
        extraBytes++;
      } else {
        extra--;
      }
      if (extraBytes == 2 && extra == 0) {
        flags &= ~FEXTRA;
      }
    } else if (b == 0) {
      flags &= (flags & FNAME) != 0 ? ~FNAME : ~FCOMMENT;
    }
  }

  private boolean checksum(int b) throws CodingException {
    crc16 |= b << (8 * crcBytes);
    crcBytes++;
    if (crcBytes < 2) {
      return false;
    }
    require(crc16 == (crc.getValue() & 0xFFFF), "has a head with a wrong checksum");
    return true;
  }
}
