package dev.runnel.io;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * An immutable run of bytes on the garbage-collected heap. It has no reference count, so it may be
 * kept, shared between threads and forgotten; slicing shares the storage.
 */
public final class Bytes {
  /** No bytes. */
  public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

  private final byte[] array;
  private final int offset;
  private final int length;

  private Bytes(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /** A copy of the whole array. */
  public static Bytes copyOf(byte[] source) {
    return copyOf(source, 0, source.length);
  }

  /**
   * A copy of a part of the array.
   *
   * @throws IndexOutOfBoundsException if the part does not lie within the array
   */
  public static Bytes copyOf(byte[] source, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, source.length);
    return length == 0
        ? EMPTY
        : new Bytes(Arrays.copyOfRange(source, offset, offset + length), 0, length);
  }

  /** The text in UTF-8. */
  public static Bytes utf8(String text) {
    return Unsafe.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** All parts, one after the other. */
  public static Bytes concat(Iterable<Bytes> parts) {
    long total = 0;
    for (Bytes part : parts) {
      total += part.length;
    }
    byte[] whole = new byte[Math.toIntExact(total)];
    int at = 0;
    for (Bytes part : parts) {
      part.copyTo(whole, at);
      at += part.length;
    }
    return Unsafe.wrap(whole);
  }

  /** How many bytes there are. */
  public int length() {
    return length;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return length == 0;
  }

  /**
   * The byte at an index.
   *
   * @throws IndexOutOfBoundsException if the index is not within 0 until {@link #length()}
   */
  public byte get(int index) {
    return array[offset + Objects.checkIndex(index, length)];
  }

  /**
   * The bytes from one index until another, sharing storage with this.
   *
   * @throws IndexOutOfBoundsException if the range does not lie within 0 until {@link #length()}
   */
  public Bytes slice(int from, int until) {
    Objects.checkFromToIndex(from, until, length);
    if (from == until) {
      return EMPTY;
    }
    return until - from == length ? this : new Bytes(array, offset + from, until - from);
  }

  /** Copies all bytes into the target, from the given index on. */
  public void copyTo(byte[] target, int at) {
    System.arraycopy(array, offset, target, at, length);
  }

  /** A fresh array with these bytes. */
  public byte[] toByteArray() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  /** A read-only view. */
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(array, offset, length).slice().asReadOnlyBuffer();
  }

  /** The bytes decoded as text; malformed input becomes U+FFFD. */
  public String text(Charset charset) {
    return new String(array, offset, length, charset);
  }

  /** The bytes decoded as UTF-8; malformed input becomes U+FFFD. */
  public String utf8() {
    return text(StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that
        && Arrays.equals(
            array, offset, offset + length, that.array, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    int hash = 1;
    for (int i = offset; i < offset + length; i++) {
      hash = 31 * hash + array[i];
    }
    return hash;
  }

  /** The length only: contents may be secret. */
  @Override
  public String toString() {
    return "Bytes(" + length + ")";
  }

  /**
   * Access to the storage without a copy, for encoders on the hot path. Whoever writes into an
   * array got or given here breaks the immutability that everybody else relies on.
   */
  public static final class Unsafe {
    private Unsafe() {}

    /** Bytes over this very array; the caller must not touch the array again. */
    public static Bytes wrap(byte[] owned) {
      return owned.length == 0 ? EMPTY : new Bytes(owned, 0, owned.length);
    }

    /**
     * The storage; only {@link Bytes#length()} bytes from {@link #offset} on belong to the value.
     */
    public static byte[] array(Bytes bytes) {
      return bytes.array;
    }

    /** Where the value starts in its storage. */
    public static int offset(Bytes bytes) {
      return bytes.offset;
    }
  }
}
