package dev.runnel.engine.internal.h2;

import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What one stream has to send and may not yet. Made when that first happens. */
final class Outflow {
  private final ArrayDeque<Bytes> waiting = new ArrayDeque<>(2);
  private long size;
  private boolean ends;
  private Headers trailers = Headers.EMPTY;

  void add(Bytes bytes) {
    waiting.add(bytes);
    size += bytes.length();
  }

  /** Nothing follows but these. */
  void end(Headers last) {
    ends = true;
    trailers = last;
  }

  boolean isEmpty() {
    return size == 0;
  }

  boolean ends() {
    return ends;
  }

  Headers trailers() {
    return trailers;
  }

  /** The next bytes, at most so many; null if there are none. */
  @Nullable Bytes take(int most) {
    Bytes first = waiting.poll();
    if (first == null) {
      return null;
    }
    if (first.length() > most) {
      waiting.addFirst(first.slice(most, first.length()));
      first = first.slice(0, most);
    }
    size -= first.length();
    return first;
  }

  void clear() {
    waiting.clear();
    size = 0;
  }
}
