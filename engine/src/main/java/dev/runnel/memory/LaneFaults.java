package dev.runnel.memory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;

/**
 * What happens to the bytes in one direction of a connection. Immutable. By default nothing does:
 * they arrive at once, and what arrives together is read together.
 *
 * @param fragments in which pieces the bytes arrive
 * @param bytesPerSecond how fast they are carried; 0 is at once
 * @param delay how long each byte is on its way
 * @param capacity bytes that may be on their way or wait to be read before the sender feels it: the
 *     room of both kernels
 * @param stallAt after so many bytes nothing arrives any more, and the sender is not told; negative
 *     is never
 * @param endAt after so many bytes the receiver sees the end, and the sender is not told; negative
 *     is never
 * @param resetAt after so many bytes the connection is reset for both; negative is never
 * @param resetAtFrame in front of the HTTP/2 frame of this number, counted from 0 with SETTINGS,
 *     the connection is reset; negative is never. In clear only
 * @param windowUpdates whether WINDOW_UPDATE frames of HTTP/2 pass; in clear only
 */
public record LaneFaults(
    Fragments fragments,
    long bytesPerSecond,
    Duration delay,
    int capacity,
    long stallAt,
    long endAt,
    long resetAt,
    int resetAtFrame,
    boolean windowUpdates) {
  /** Room of two kernels, as small as Linux makes it for a socket that was not used yet. */
  public static final int DEFAULT_CAPACITY = 128 << 10;

  /** Nothing happens. */
  public static final LaneFaults NONE =
      new LaneFaults(Fragments.NONE, 0, Duration.ZERO, DEFAULT_CAPACITY, -1, -1, -1, -1, true);

  /**
   * Checks.
   *
   * @throws IllegalArgumentException for a rate, a delay or a capacity that cannot be
   */
  public LaneFaults {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("bytes per second: " + bytesPerSecond + ", not below 0");
    }
    if (delay.isNegative()) {
      throw new IllegalArgumentException("a delay of " + delay + ": not below 0");
    }
    if (capacity < 1) {
      throw new IllegalArgumentException("a capacity of " + capacity + " bytes: at least 1");
    }
  }

  /** Whether something happens to frames of HTTP/2, which are seen in clear only. */
  public boolean looksAtFrames() {
    return resetAtFrame >= 0 || !windowUpdates;
  }

  /** In which pieces bytes arrive; each is read by itself. */
  public sealed interface Fragments {
    /** As they were written; what arrives together is read together. */
    Fragments NONE = new Whole();

    /** Each byte by itself. */
    Fragments EVERY_BYTE = new Sized(1);

    /** In pieces of so many bytes, or fewer at the end of what is written at once. */
    static Fragments of(int size) {
      if (size < 1) {
        throw new IllegalArgumentException("pieces of " + size + " bytes: at least 1");
      }
      return new Sized(size);
    }

    /** In pieces of random sizes, by the seed of the network. */
    static Fragments random() {
      return new Random(64);
    }

    /** Cut at these offsets from the first byte of the direction. */
    static Fragments at(long... offsets) {
      List<Long> sorted = new ArrayList<>(Arrays.stream(offsets).sorted().boxed().toList());
      if (!sorted.isEmpty() && sorted.get(0) < 1) {
        throw new IllegalArgumentException("an offset of " + sorted.get(0) + ": at least 1");
      }
      return new At(List.copyOf(sorted));
    }

    /** As they were written. */
    record Whole() implements Fragments {}

    /** Of one size. */
    record Sized(int size) implements Fragments {}

    /** Of 1 to so many bytes. */
    record Random(int most) implements Fragments {}

    /** At offsets, ascending. */
    record At(List<Long> offsets) implements Fragments {}
  }

  /** In other pieces. */
  public LaneFaults withFragments(Fragments other) {
    return new LaneFaults(
        other,
        bytesPerSecond,
        delay,
        capacity,
        stallAt,
        endAt,
        resetAt,
        resetAtFrame,
        windowUpdates);
  }

  /** At another speed; 0 is at once. */
  public LaneFaults withBytesPerSecond(long other) {
    return new LaneFaults(
        fragments, other, delay, capacity, stallAt, endAt, resetAt, resetAtFrame, windowUpdates);
  }

  /** With another time on the way. */
  public LaneFaults withDelay(Duration other) {
    return new LaneFaults(
        fragments,
        bytesPerSecond,
        other,
        capacity,
        stallAt,
        endAt,
        resetAt,
        resetAtFrame,
        windowUpdates);
  }

  /** With other room. */
  public LaneFaults withCapacity(int other) {
    return new LaneFaults(
        fragments,
        bytesPerSecond,
        delay,
        other,
        stallAt,
        endAt,
        resetAt,
        resetAtFrame,
        windowUpdates);
  }

  /** Nothing arrives after so many bytes. */
  public LaneFaults withStallAt(long other) {
    return new LaneFaults(
        fragments,
        bytesPerSecond,
        delay,
        capacity,
        other,
        endAt,
        resetAt,
        resetAtFrame,
        windowUpdates);
  }

  /** The receiver sees the end after so many bytes. */
  public LaneFaults withEndAt(long other) {
    return new LaneFaults(
        fragments,
        bytesPerSecond,
        delay,
        capacity,
        stallAt,
        other,
        resetAt,
        resetAtFrame,
        windowUpdates);
  }

  /** The connection is reset after so many bytes. */
  public LaneFaults withResetAt(long other) {
    return new LaneFaults(
        fragments,
        bytesPerSecond,
        delay,
        capacity,
        stallAt,
        endAt,
        other,
        resetAtFrame,
        windowUpdates);
  }

  /** The connection is reset in front of this frame. */
  public LaneFaults withResetAtFrame(int other) {
    return new LaneFaults(
        fragments, bytesPerSecond, delay, capacity, stallAt, endAt, resetAt, other, windowUpdates);
  }

  /** WINDOW_UPDATE frames are lost. */
  public LaneFaults withoutWindowUpdates() {
    return new LaneFaults(
        fragments, bytesPerSecond, delay, capacity, stallAt, endAt, resetAt, resetAtFrame, false);
  }

  /** Only what differs from nothing. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ");
    text.setEmptyValue("no faults");
    if (!fragments.equals(Fragments.NONE)) {
      text.add("fragments " + fragments);
    }
    if (bytesPerSecond > 0) {
      text.add(bytesPerSecond + " bytes per second");
    }
    if (!delay.isZero()) {
      text.add("delay " + delay);
    }
    if (capacity != DEFAULT_CAPACITY) {
      text.add("capacity " + capacity);
    }
    if (stallAt >= 0) {
      text.add("stalls after " + stallAt + " bytes");
    }
    if (endAt >= 0) {
      text.add("ends after " + endAt + " bytes");
    }
    if (resetAt >= 0) {
      text.add("reset after " + resetAt + " bytes");
    }
    if (resetAtFrame >= 0) {
      text.add("reset in front of frame " + resetAtFrame);
    }
    if (!windowUpdates) {
      text.add("no WINDOW_UPDATE");
    }
    return text.toString();
  }
}
