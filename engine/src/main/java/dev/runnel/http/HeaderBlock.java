package dev.runnel.http;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A header section as it was received: bytes and an index into them. Made by the engine's decoders,
 * which have checked every byte; a name or value becomes a string only when somebody asks. Known
 * names are the shared constants of {@link HeaderNames}.
 */
public final class HeaderBlock extends Headers {
  /** Ints of the index per field line: name start, name end, value start, value end. */
  public static final int STRIDE = 4;

  private final byte[] bytes;
  private final int[] index;
  private final int size;

  // Made when one is asked for, as most are not. Two threads that race make equal strings.
  private @Nullable String @Nullable [] values;

  /**
   * Takes over the arrays.
   *
   * @param bytes the received head, or its header section
   * @param index {@link #STRIDE} offsets for each of the field lines
   * @param size how many field lines
   */
  public HeaderBlock(byte[] bytes, int[] index, int size) {
    this.bytes = bytes;
    this.index = index;
    this.size = size;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public String name(int field) {
    Objects.checkIndex(field, size); // the index may have room behind its last field
    int start = index[STRIDE * field];
    return HeaderNames.ofBytes(bytes, start, index[STRIDE * field + 1] - start);
  }

  @Override
  public String value(int field) {
    Objects.checkIndex(field, size);
    @Nullable String[] known = values;
    if (known == null) {
      known = new String[size];
      values = known;
    }
    String value = known[field];
    if (value == null) {
      int start = index[STRIDE * field + 2];
      int length = index[STRIDE * field + 3] - start;
      value = new String(bytes, start, length, StandardCharsets.ISO_8859_1);
      known[field] = value;
    }
    return value;
  }

  @Override
  public int indexOf(String name, int from) {
    int length = name.length();
    for (int i = from; i < size; i++) {
      int start = index[STRIDE * i];
      if (index[STRIDE * i + 1] - start == length && sameName(name, start)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Tokens only: letters differ between cases in bit 0x20, and no other two token characters do so.
   */
  private boolean sameName(String name, int start) {
    for (int i = 0; i < name.length(); i++) {
      int a = bytes[start + i];
      int b = name.charAt(i);
      if (a != b && ((a ^ b) != 0x20 || !isLetter(a))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(int c) {
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'z';
  }
}
