package dev.runnel.hub;

import dev.runnel.io.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of the course that a loop walks in one go. Each member gets all of its messages before the
 * next member gets any, and as one where nothing is in the way: what a message costs at a member is
 * mostly to find the member's way to the transport, which has left the cache with each round of a
 * thousand of them (measured: 2.6 times less for bursts of 20 events). Owned by the loop.
 */
final class Stretch<T> {
  /** Entries in one of them. */
  static final int MOST = 64;

  /** Bytes that are handed over as one, so that a slow member's transport has little more. */
  static final int MOST_BYTES = 16 << 10;

  private static final Joined NONE = new Joined(Bytes.EMPTY, 0);

  private final List<Entry<T>> entries = new ArrayList<>();
  private final List<Broadcast<T>> messages = new ArrayList<>();
  private final Map<Format<? super T>, @Nullable Joined> byFormat = new HashMap<>();
  private @Nullable Format<? super T> lastFormat;
  private @Nullable Joined last;
  private boolean hasExceptions;

  /**
   * Messages behind each other in the bytes of a format.
   *
   * @param count of messages; one without bytes is none
   */
  record Joined(Bytes bytes, int count) {}

  /** Gathers what is behind this entry. */
  void gather(Entry<T> at, @Nullable Entry<T> end, int most) {
    for (Entry<T> next = at.next; next != null && next != end; next = next.next) {
      entries.add(next);
      Broadcast<T> broadcast = next.broadcast();
      if (broadcast != null) {
        messages.add(broadcast);
        hasExceptions |= broadcast.except != null;
      }
      if (entries.size() >= most) {
        break;
      }
    }
  }

  int size() {
    return entries.size();
  }

  /** How many of the entries are messages. */
  int messages() {
    return messages.size();
  }

  Entry<T> entry(int index) {
    return entries.get(index);
  }

  /** The last of the entries. */
  Entry<T> end() {
    return entries.get(entries.size() - 1);
  }

  /** Whether one of the messages is not for this member: one from before it, or its own. */
  boolean excludes(Member<T> member, long since) {
    if (entries.get(0).number <= since) {
      return true;
    }
    if (hasExceptions) {
      for (Broadcast<T> message : messages) {
        if (message.except == member) {
          return true;
        }
      }
    }
    return false;
  }

  /** All messages as one; null if they are too many bytes for that. */
  @Nullable Joined in(Format<? super T> format) {
    if (format != lastFormat) {
      lastFormat = format;
      if (byFormat.containsKey(format)) {
        last = byFormat.get(format);
      } else {
        last = join(format);
        byFormat.put(format, last);
      }
    }
    return last;
  }

  private @Nullable Joined join(Format<? super T> format) {
    List<Bytes> parts = new ArrayList<>(messages.size());
    long length = 0;
    for (Broadcast<T> message : messages) {
      Bytes bytes = message.in(format);
      length += bytes.length();
      if (length > MOST_BYTES && messages.size() > 1) {
        return null;
      }
      if (!bytes.isEmpty()) {
        parts.add(bytes);
      }
    }
    return switch (parts.size()) {
      case 0 -> NONE;
      case 1 -> new Joined(parts.get(0), 1);
      default -> new Joined(Bytes.concat(parts), parts.size());
    };
  }

  /** All have had theirs. */
  void pass() {
    for (Entry<T> entry : entries) {
      entry.pass();
    }
    clear();
  }

  private void clear() {
    entries.clear();
    messages.clear();
    byFormat.clear();
    lastFormat = null;
    last = null;
    hasExceptions = false;
  }
}
