package dev.runnel.hub;

import dev.runnel.engine.SendQueue;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A subscriber over a writer that the test opens and shuts. On its loop. */
class Guest implements Subscriber, BodyWriter {
  /** Text as it is. */
  static final Format<Object> PLAIN = (message, payload) -> payload.get().bytes();

  final List<Bytes> written = new ArrayList<>();
  boolean room = true;
  boolean over;
  int tooSlow;
  Runnable onWrite = () -> {};
  private final Loop loop;
  private final SendQueue queue;
  private @Nullable Runnable waker;

  Guest(Loop loop) {
    this.loop = loop;
    this.queue = new SendQueue(this, Duration.ZERO, () -> {});
  }

  /** One whose transport is full. */
  static Guest stuck(Loop loop) {
    Guest guest = new Guest(loop);
    guest.room = false;
    guest.queue.offer(Bytes.utf8("full"));
    guest.written.clear();
    return guest;
  }

  List<String> texts() {
    return written.stream().map(Bytes::utf8).toList();
  }

  /** Takes all that waits. */
  void open() {
    room = true;
    takeOne();
  }

  /** Takes the first that waits, and no more if it is stuck. */
  void takeOne() {
    Runnable woken = waker;
    waker = null;
    if (woken != null) {
      woken.run();
    }
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public SendQueue queue() {
    return queue;
  }

  @Override
  public void tooSlow() {
    tooSlow++;
    queue.fail(new IllegalStateException("too slow"));
  }

  @Override
  public boolean write(Bytes bytes) {
    if (over) {
      throw new IllegalStateException("gone");
    }
    written.add(bytes);
    onWrite.run();
    return room;
  }

  @Override
  public void onWritable(Runnable once) {
    waker = once;
  }

  @Override
  public void commit() {}

  @Override
  public void end(Headers trailers) {}
}
