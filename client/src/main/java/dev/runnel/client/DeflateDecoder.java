package dev.runnel.client;

import dev.runnel.io.Bytes;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * deflate: the zlib format (RFC 1950) as RFC 9110 8.4.1.2 has it, or the bare deflate data (RFC
 * 1951) that some servers send under this name. The two first bytes tell them apart: as bare data
 * those of zlib would be a stored block with bits set that every encoder leaves clear.
 */
final class DeflateDecoder implements StreamDecoder {
  private @Nullable Inflater inflater;
  private @Nullable Bytes first;
  private long fed;
  private boolean closed;

  @Override
  public void feed(Bytes input) {
    fed += input.length();
    if (inflater == null) {
      Bytes begin = first == null ? input : Bytes.concat(List.of(first, input));
      if (begin.length() < 2) {
        first = begin;
        return;
      }
      first = null;
      inflater = new Inflater(!isZlib(begin.get(0) & 0xFF, begin.get(1) & 0xFF));
      setInput(inflater, begin);
    } else {
      setInput(inflater, input);
    }
  }

  private static void setInput(Inflater inflater, Bytes input) {
    inflater.setInput(Bytes.Unsafe.array(input), Bytes.Unsafe.offset(input), input.length());
  }

  /** RFC 1950 2.2: method 8, a window of at most 32 KiB, and a check over both bytes. */
  private static boolean isZlib(int cmf, int flg) {
    return (cmf & 0x0F) == 8 && cmf >> 4 <= 7 && ((cmf << 8) | flg) % 31 == 0;
  }

  @Override
  public int decode(byte[] out) throws CodingException {
    if (inflater == null) {
      return 0;
    }
    try {
      int count = inflater.inflate(out);
      if (inflater.needsDictionary()) {
        throw new CodingException("it needs a dictionary, and none was agreed on");
      }
      if (count == 0 && inflater.finished() && inflater.getRemaining() > 0) {
        throw new CodingException("bytes follow its end");
      }
      return count;
    } catch (DataFormatException e) {
      throw new CodingException("its compressed data is malformed", e);
    }
  }

  @Override
  public boolean isComplete() {
    return inflater != null && inflater.finished();
  }

  @Override
  public long position() {
    return inflater == null || closed ? fed : fed - inflater.getRemaining();
  }

  @Override
  public void close() {
    closed = true;
    if (inflater != null) {
      inflater.end();
    }
  }
}
