package dev.runnel.client;

import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The connection that a body is sent on: takes as many bytes as the test lets it, and fails its
 * call with what a task of it throws, as the engine does.
 */
final class ScriptedWriter implements BodyWriter {
  private final TestLoop loop;
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private @Nullable Runnable waker;
  private @Nullable Throwable failure;
  private @Nullable RuntimeException broken;
  private long room;
  private boolean ended;

  ScriptedWriter(TestLoop loop, long room) {
    this.loop = loop;
    this.room = room;
  }

  /** The peer takes so many bytes more. */
  void take(long more) {
    room += more;
    if (room > 0) {
      wake();
    }
  }

  /** The call is over: writing throws this. */
  void breakOff(RuntimeException cause) {
    broken = cause;
    wake();
  }

  private void wake() {
    Runnable waiting = waker;
    waker = null;
    if (waiting != null) {
      loop.execute(() -> guard(waiting));
    }
  }

  private void guard(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      failure = e;
    }
  }

  String text() {
    return written.toString(StandardCharsets.UTF_8);
  }

  byte[] bytes() {
    return written.toByteArray();
  }

  int count() {
    return written.size();
  }

  boolean hasEnded() {
    return ended;
  }

  @Nullable Throwable failure() {
    return failure;
  }

  boolean isOver() {
    return ended || failure != null;
  }

  boolean isAwaited() {
    return waker != null;
  }

  @Override
  public boolean write(Bytes bytes) {
    requireLive();
    written.writeBytes(bytes.toByteArray());
    room -= bytes.length();
    return room > 0;
  }

  private void requireLive() {
    if (!loop.inLoop()) {
      throw new AssertionError("a body is only written on its loop");
    }
    if (broken != null) {
      throw broken;
    }
    if (ended) {
      throw new IllegalStateException("ended already");
    }
  }

  @Override
  public void commit() {
    requireLive();
  }

  @Override
  public void onWritable(Runnable once) {
    if (room > 0 || broken != null || ended) {
      loop.execute(() -> guard(once));
    } else {
      waker = once;
    }
  }

  @Override
  public void end(Headers trailers) {
    requireLive();
    ended = true;
  }

  @Override
  public Loop loop() {
    return loop;
  }
}
