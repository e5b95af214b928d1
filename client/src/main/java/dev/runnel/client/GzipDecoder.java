package dev.runnel.client;

import dev.runnel.io.Bytes;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * gzip (RFC 1952): any number of members, each with its checksum and its length. What follows the
 * last member and is none is an error, as is a member that is not whole.
 */
final class GzipDecoder implements StreamDecoder {
  private static final int TRAILER = 8;

  private enum Part {
    HEADER,
    DATA,
    TRAILER
  }

  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private GzipHeader header = new GzipHeader();
  private Part part = Part.HEADER;
  private byte[] input = new byte[0]; // shared with the piece fed, never written to
  private int start;
  private int at;
  private int end;
  private long before;
  private long members;
  private int trailerBytes;
  private long trailer;

  @Override
  public void feed(Bytes bytes) {
    before += at - start;
    input = Bytes.Unsafe.array(bytes);
    start = Bytes.Unsafe.offset(bytes);
    at = start;
    end = start + bytes.length();
    if (part == Part.DATA) {
      inflater.setInput(input, at, end - at);
    }
  }

  @Override
  public int decode(byte[] out) throws CodingException {
    while (true) {
      if (part == Part.DATA) {
        int count = inflate(out);
        if (count > 0 || part == Part.DATA) {
          return count;
        }
      } else if (at == end) {
        return 0;
      } else if (part == Part.HEADER) {
        readHeader();
      } else {
        readTrailer();
      }
    }
  }

  private void readHeader() throws CodingException {
    while (at < end) {
      if (header.take(input[at++] & 0xFF)) {
        part = Part.DATA;
        inflater.setInput(input, at, end - at);
        return;
      }
    }
  }

  private int inflate(byte[] out) throws CodingException {
    int count;
    try {
      count = inflater.inflate(out);
    } catch (DataFormatException e) {
      at = end - inflater.getRemaining();
      throw new CodingException("its compressed data is malformed", e);
    }
    at = end - inflater.getRemaining();
    crc.update(out, 0, count);
    if (inflater.finished()) {
      part = Part.TRAILER;
      trailer = 0;
      trailerBytes = 0;
    }
    return count;
  }

  private void readTrailer() throws CodingException {
    while (at < end && trailerBytes < TRAILER) {
      trailer |= (input[at++] & 0xFFL) << (8 * trailerBytes++);
    }
    if (trailerBytes == TRAILER) {
      checkTrailer();
      members++;
      inflater.reset();
      crc.reset();
      header = new GzipHeader();
      part = Part.HEADER;
    }
  }

  private void checkTrailer() throws CodingException {
    if ((trailer & 0xFFFFFFFFL) != crc.getValue()) {
      throw new CodingException("the checksum of a member does not match its content");
    }
    if (trailer >>> 32 != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
      throw new CodingException("the length of a member does not match its content");
    }
  }

  @Override
  public boolean isComplete() {
    return part == Part.HEADER && header.isFresh() && members > 0;
  }

  @Override
  public long position() {
    return before + at - start;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
