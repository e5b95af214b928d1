package dev.runnel.ws;

import dev.runnel.io.Bytes;
import dev.runnel.websocket.PayloadCodec;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * permessage-deflate of one session (RFC 7692 7.2), for either end. With a takeover it keeps its
 * compressor or expander from the first message until the session is over, without one only from
 * the first part of a message until its last: the loop's pool lends them.
 */
final class DeflateCodec implements PayloadCodec {
  /** An empty stored block without its lengths; the only way to send no bytes (7.2.3.6). */
  private static final Bytes EMPTY_MESSAGE = Bytes.copyOf(new byte[1]);

  private final DeflateTerms terms;
  private @Nullable Compressor compressor;
  private @Nullable Expander expander;
  private boolean inMessage;
  private boolean startsAsZlib;
  private boolean failed;
  private boolean closed;

  DeflateCodec(DeflateTerms terms) {
    this.terms = terms;
  }

  @Override
  public boolean compresses(int length) {
    return length >= terms.threshold();
  }

  @Override
  public Bytes compress(Bytes fragment, boolean last) {
    requireOpen();
    // What went before ends at a byte, so that this needs no compressor.
    Bytes out = last ? EMPTY_MESSAGE : Bytes.EMPTY;
    if (!fragment.isEmpty()) {
      out = compressed(fragment, last);
    }
    if (last && !terms.keepsCompressor()) {
      giveBackCompressor();
    }
    return out;
  }

  private Bytes compressed(Bytes fragment, boolean last) {
    Compressor with = compressor();
    compressor = null; // One that failed is not used again.
    byte[] buffer = DeflatePool.here().buffer();
    Growing out = new Growing(buffer);
    boolean done = false;
    try {
      with.compress(
          Bytes.Unsafe.array(fragment), Bytes.Unsafe.offset(fragment), fragment.length(), out);
      done = true;
    } finally {
      DeflatePool.here().give(buffer);
      if (!done) {
        with.end();
      }
    }
    compressor = with;
    return Bytes.copyOf(out.array, 0, last ? out.length - Compressor.MARKER : out.length);
  }

  private Compressor compressor() {
    if (compressor != null) {
      return compressor;
    }
    Compressor.Kind kind = new Compressor.Kind(terms.level(), terms.sendBits());
    return terms.keepsCompressor() ? kind.open() : DeflatePool.here().compressor(kind);
  }

  private void giveBackCompressor() {
    if (compressor != null) {
      DeflatePool.here().give(compressor);
      compressor = null;
    }
  }

  @Override
  public void expand(Bytes payload, boolean last, Sink to) {
    requireOpen();
    if (failed) {
      throw new IllegalStateException("nothing can be expanded behind a message that failed");
    }
    if (!inMessage) {
      startsAsZlib = startsAsZlib(payload);
    }
    inMessage = !last;
    Expander with = expander();
    expander = null; // One that failed is not used again.
    byte[] buffer = DeflatePool.here().buffer();
    boolean done = false;
    try {
      with.expand(
          Bytes.Unsafe.array(payload), Bytes.Unsafe.offset(payload), payload.length(), buffer, to);
      if (last) {
        end(with, buffer, to);
      }
      done = true;
    } catch (DataFormatException e) {
      throw corrupt(e);
    } finally {
      DeflatePool.here().give(buffer);
      if (!done) {
        with.end();
        failed = true;
      }
    }
    keep(with, last);
  }

  private Expander expander() {
    if (expander != null) {
      return expander;
    }
    return terms.receiveTakeover() ? new Expander() : DeflatePool.here().expander();
  }

  private void end(Expander with, byte[] buffer, Sink to) throws DataFormatException {
    if (terms.receiveTakeover()) {
      with.endMessage(buffer, to);
    } else {
      with.endStream(buffer, to);
    }
  }

  private void keep(Expander used, boolean last) {
    if (closed) { // by the sink
      used.end();
    } else if (last && !terms.receiveTakeover()) {
      DeflatePool.here().give(used);
    } else {
      expander = used;
    }
  }

  /** Whether it begins with a header of zlib (RFC 1950 2.2), as of senders that forgot "raw". */
  private static boolean startsAsZlib(Bytes payload) {
    if (payload.length() < 2) {
      return false;
    }
    int first = payload.get(0) & 0xFF;
    int second = payload.get(1) & 0xFF;
    return (first & 0xF) == 8 && (first << 8 | second) % 31 == 0;
  }

  private IllegalArgumentException corrupt(DataFormatException e) {
    String why = e.getMessage() == null ? "invalid data" : e.getMessage();
    String hint =
        startsAsZlib
            ? "; it looks like zlib (RFC 1950), possibly with a preset dictionary, but must be raw"
                + " DEFLATE (RFC 1951)"
            : "";
    return new IllegalArgumentException("compressed message is corrupt: " + why + hint, e);
  }

  @Override
  public void close() {
    closed = true;
    if (terms.keepsCompressor() && compressor != null) {
      compressor.end();
      compressor = null;
    }
    giveBackCompressor();
    if (expander != null) {
      if (terms.receiveTakeover()) {
        expander.end();
      } else {
        DeflatePool.here().give(expander);
      }
      expander = null;
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the codec is closed, because its session is over");
    }
  }
}
