package dev.runnel.testkit;

import dev.runnel.io.Bytes;
import dev.runnel.memory.WireEnd;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Raw bytes on a wire in memory. */
final class MemoryLink implements RawLink {
  private final WireEnd end;
  private final Deque<Bytes> unsent = new ArrayDeque<>();
  private final Deque<Bytes> came = new ArrayDeque<>();
  private Runnable told = () -> {};
  private boolean reading = true;
  private boolean finishing;
  private boolean ended;

  MemoryLink(WireEnd end) {
    this.end = end;
    end.listen(this::readable, this::push);
  }

  private void readable() {
    if (!reading) {
      return;
    }
    for (Bytes bytes = end.read(); bytes != null; bytes = end.read()) {
      came.addLast(bytes);
    }
    ended = end.ended() || end.wasReset();
    told.run();
  }

  @Override
  public void whenCame(Runnable listener) {
    told = listener;
  }

  @Override
  public void send(byte[] bytes) {
    unsent.addLast(Bytes.copyOf(bytes));
    push();
  }

  private void push() {
    while (!unsent.isEmpty()) {
      Bytes first = unsent.removeFirst();
      int sent = end.write(first);
      if (sent < first.length()) {
        unsent.addFirst(first.slice(sent, first.length()));
        return;
      }
    }
    if (finishing) {
      end.finish();
    }
  }

  @Override
  public byte @Nullable [] poll() {
    Bytes first = came.pollFirst();
    return first == null ? null : first.toByteArray();
  }

  @Override
  public boolean ended() {
    return ended && came.isEmpty();
  }

  @Override
  public boolean wasReset() {
    return end.wasReset();
  }

  @Override
  public int unsent() {
    return unsent.stream().mapToInt(Bytes::length).sum();
  }

  @Override
  public void reading(boolean on) {
    reading = on;
    readable();
  }

  @Override
  public void halfClose() {
    finishing = true;
    push();
  }

  @Override
  public void vanish() {
    end.reset();
  }

  @Override
  public void close() {
    end.close();
  }
}
