package dev.runnel.testing.http2;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A header block byte by byte (RFC 7541 6), without Huffman codes: for what no encoder does, and
 * for frames that have to be the same on every connection.
 */
public final class RawBlock {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Literal fields without indexing, names and values in turn. */
  public static byte[] of(String... namesAndValues) {
    RawBlock block = new RawBlock();
    for (Field field : Field.list(namesAndValues)) {
      block.literal(field.name(), field.value());
    }
    return block.build();
  }

  /** A field of the tables (RFC 7541 6.1). */
  public RawBlock indexed(long index) {
    return integer(0x80, 7, index);
  }

  /** A literal without indexing (RFC 7541 6.2.2). */
  public RawBlock literal(String name, String value) {
    return integer(0, 4, 0).string(name).string(value);
  }

  /** A literal that enters the dynamic table (RFC 7541 6.2.1). */
  public RawBlock indexing(String name, String value) {
    return integer(0x40, 6, 0).string(name).string(value);
  }

  /** A literal that enters the dynamic table, its name taken from there. */
  public RawBlock indexing(long nameIndex, String value) {
    return integer(0x40, 6, nameIndex).string(value);
  }

  /** A literal that no table may ever hold (RFC 7541 6.2.3). */
  public RawBlock never(String name, String value) {
    return integer(0x10, 4, 0).string(name).string(value);
  }

  /** A dynamic table size update (RFC 7541 6.3). */
  public RawBlock sizeUpdate(long size) {
    return integer(0x20, 5, size);
  }

  /** An integer (RFC 7541 5.1) behind the bits of a pattern. */
  public RawBlock integer(int pattern, int prefixBits, long value) {
    int full = (1 << prefixBits) - 1;
    if (value < full) {
      return octets(pattern | (int) value);
    }
    octets(pattern | full);
    long rest = value - full;
    while (rest >= 0x80) {
      octets((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return octets((int) rest);
  }

  /** A string literal (RFC 7541 5.2). */
  public RawBlock string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    integer(0, 7, bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  /** These bytes, whatever they mean. */
  public RawBlock octets(int... values) {
    for (int value : values) {
      out.write(value);
    }
    return this;
  }

  /** Bytes of a block that was built before. */
  public RawBlock block(byte[] block) {
    out.writeBytes(block);
    return this;
  }

  /** How many bytes there are. */
  public int size() {
    return out.size();
  }

  /** The block. */
  public byte[] build() {
    return out.toByteArray();
  }
}
