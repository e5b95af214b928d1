package dev.runnel.websocket;

import dev.runnel.io.Bytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The message that is being received, from fragments, with its mask and compression taken off and
 * its text checked as it comes. Holds what nobody has taken yet.
 */
final class Assembly {
  private static final int FIRST_BUFFER = 1 << 10;

  private final @Nullable PayloadCodec codec;
  private final Utf8Check utf8 = new Utf8Check();
  private byte[] buffer = Bytes.Unsafe.array(Bytes.EMPTY);
  private int size;
  private int limit = Integer.MAX_VALUE;
  private boolean open;
  private boolean text;
  private boolean compressed;
  private boolean complete;
  private boolean begunToTake;
  private boolean skips;
  private boolean discards;

  Assembly(@Nullable PayloadCodec codec) {
    this.codec = codec;
  }

  /** The head of a data frame came. */
  void begin(FrameHead head) {
    boolean continues = head.opcode() == Frames.CONTINUATION;
    if (continues != open) {
      throw FrameError.protocol(
          continues ? "a continuation of no message" : "a message within a message");
    }
    if (!open) {
      open = true;
      text = head.opcode() == Frames.TEXT;
      compressed = head.isCompressed();
      utf8.reset();
      skips = discards;
    }
  }

  /** How many bytes a message may have from now on, or {@link Integer#MAX_VALUE}. */
  void limit(int bytes) {
    limit = bytes;
    checkLimit(0);
  }

  /** Refuses a frame that would pass the limit before it is taken in. */
  void announce(long length) {
    if (!compressed) {
      checkLimit(length);
    }
  }

  private void checkLimit(long more) {
    if (!skips && more > (long) limit - size) { // a sum could overflow: 2^63-1 may be announced
      throw new FrameError(CloseReason.TOO_BIG, "a message of more than " + limit + " bytes");
    }
  }

  /**
   * Payload of the current frame.
   *
   * @param frameRest bytes of the frame that are still to come, these included
   */
  void add(Chunk in, int count, int key, long frameRest, boolean last) {
    boolean ends = last && count == frameRest;
    if (compressed && codec != null) {
      byte[] wire = new byte[count];
      in.unmask(wire, 0, count, key);
      expand(codec, Bytes.Unsafe.wrap(wire), ends);
    } else {
      reserve(count, ends);
      in.unmask(buffer, size, count, key);
      added(count);
    }
    if (ends) {
      end();
    }
  }

  private void expand(PayloadCodec with, Bytes wire, boolean last) {
    try {
      with.expand(wire, last, this::expanded);
    } catch (IllegalArgumentException e) {
      throw new FrameError(CloseReason.INVALID_PAYLOAD, "the compressed data is corrupt");
    }
  }

  private void expanded(byte[] bytes, int offset, int length) {
    checkLimit(length);
    reserve(length, false);
    System.arraycopy(bytes, offset, buffer, size, length);
    added(length);
  }

  private void added(int count) {
    if (text && !utf8.accept(buffer, size, count)) {
      throw new FrameError(CloseReason.INVALID_PAYLOAD, "the text is not UTF-8");
    }
    size += skips ? 0 : count;
  }

  private void reserve(int count, boolean exactly) {
    int needed = Math.addExact(size, count);
    if (needed > buffer.length) {
      // Doubling, not what the frame's head announces: memory is for those who send.
      int grown = size == 0 && exactly ? needed : Math.max(FIRST_BUFFER, 2 * buffer.length);
      buffer = Arrays.copyOf(buffer, Math.max(needed, Math.min(grown, limit)));
    }
  }

  private void end() {
    if (text && !utf8.isComplete()) {
      throw new FrameError(CloseReason.INVALID_PAYLOAD, "the text ends within a character");
    }
    open = false;
    complete = !skips;
    if (skips) {
      skips = false;
      begunToTake = false;
    }
  }

  /** Bytes that nobody has taken. */
  int size() {
    return size;
  }

  /** Whether a message, or the last part of one, is there to its end. */
  boolean isComplete() {
    return complete;
  }

  boolean isCompressed() {
    return compressed;
  }

  /** Drops what is left of a message of which somebody took a part. */
  void skipBegun() {
    if (begunToTake) {
      drop();
    }
  }

  private void drop() {
    size = 0;
    buffer = Bytes.Unsafe.array(Bytes.EMPTY);
    if (complete) {
      complete = false;
      begunToTake = false;
    } else if (open) {
      skips = true;
    }
  }

  /** No more will come: what was begun is never whole. */
  void abandonBegun() {
    if (!complete) {
      drop();
    }
  }

  /** Forgets the message that is there. */
  void refuse() {
    drop();
  }

  /** From now on nothing is kept. */
  void discardAll() {
    discards = true;
    drop();
  }

  /** The whole message. */
  Message take() {
    Bytes bytes = takeBytes();
    complete = false;
    return text ? Message.utf8(bytes) : Message.binary(bytes);
  }

  /** What is there of the message, at most all of it; null if that is nothing yet. */
  @Nullable Part takePart() {
    if (size == 0 && !complete) {
      return null;
    }
    boolean last = complete;
    Part part = new Part(text, takeBytes(), last);
    complete = false;
    begunToTake = !last;
    return part;
  }

  private Bytes takeBytes() {
    Bytes bytes = Bytes.Unsafe.wrap(buffer).slice(0, size);
    buffer = Bytes.Unsafe.array(Bytes.EMPTY);
    size = 0;
    return bytes;
  }
}
