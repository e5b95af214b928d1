package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SendQueueTest {
  private final Clock clock = new Clock();
  private final Out out = new Out();
  private final List<String> told = new ArrayList<>();
  private final SendQueue queue =
      new SendQueue(out, Duration.ofSeconds(30), () -> told.add("slow"));

  @Test
  void aFreeQueueHandsOverAtOnce() {
    assertThat(queue.offer(Bytes.utf8("a"))).isTrue();
    assertThat(out.written).containsExactly("a");
    assertThat(queue.isFree()).isTrue();
  }

  @Test
  void thoseBehindAFullTransportWaitInOrder() {
    out.room = false;
    send("a");
    send("b");
    send("c");
    assertThat(queue.offer(Bytes.utf8("d"))).isFalse();
    assertThat(out.written).containsExactly("a");
    assertThat(told).containsExactly("a handed over");
    out.room = true;
    out.wake();
    assertThat(out.written).containsExactly("a", "b", "c");
    assertThat(told)
        .containsExactly(
            "a handed over", "a room", "b handed over", "b room", "c handed over", "c room");
  }

  @Test
  void eachFillsTheTransportAgain() {
    out.room = false;
    send("a");
    send("b");
    out.wake();
    assertThat(out.written).containsExactly("a", "b");
    assertThat(told).containsExactly("a handed over", "a room", "b handed over");
  }

  @Test
  void aWithdrawnMessageIsNeverSent() {
    out.room = false;
    send("a");
    SendQueue.Message b = send("b");
    send("c");
    b.withdraw();
    assertThat(b.isPending()).isFalse();
    out.room = true;
    out.wake();
    assertThat(out.written).containsExactly("a", "c");
    assertThat(told).doesNotContain("b handed over", "b room");
  }

  @Test
  void aReplacedMessageKeepsItsPlace() {
    out.room = false;
    send("a");
    SendQueue.Message b = send("b");
    send("c");
    b.replace(Bytes.utf8("B"));
    out.room = true;
    out.wake();
    assertThat(out.written).containsExactly("a", "B", "c");
    assertThatThrownBy(() -> b.replace(Bytes.utf8("late")))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void theFirstWaitsNoLongerThanThePatience() {
    out.room = false;
    send("a");
    clock.advance(20);
    send("b");
    out.room = true;
    out.wake();
    out.room = false;
    send("c");
    clock.advance(29);
    assertThat(told).doesNotContain("slow");
    clock.advance(1);
    assertThat(told).contains("slow");
  }

  @Test
  void aFailureEndsAll() {
    out.room = false;
    send("a");
    send("b");
    queue.fail(new IllegalStateException("over"));
    send("c");
    assertThat(told).containsExactly("a handed over", "a: over", "b: over", "c: over");
    assertThat(queue.isFree()).isFalse();
    clock.advance(60);
    assertThat(told).doesNotContain("slow");
  }

  @Test
  void watchersHearOfTheEndBehindTheMessages() {
    Consumer<Throwable> early = error -> told.add("early: " + error.getMessage());
    Consumer<Throwable> gone = error -> told.add("gone");
    queue.watch(early);
    queue.watch(gone);
    queue.unwatch(gone);
    out.room = false;
    send("a");
    send("b");
    queue.fail(new IllegalStateException("over"));
    queue.fail(new IllegalStateException("over again"));
    queue.watch(error -> told.add("late: " + error.getMessage()));
    assertThat(told)
        .containsExactly("a handed over", "a: over", "b: over", "early: over", "late: over");
  }

  @Test
  void aWriterThatIsOverFailsWhatWaits() {
    out.room = false;
    send("a");
    send("b");
    out.over = true;
    out.wake();
    assertThat(told).containsExactly("a handed over", "a room", "b: gone");
  }

  @Test
  void callbacksMaySendAgain() {
    out.room = false;
    queue.send(
        new SendQueue.Message(Bytes.utf8("a")) {
          @Override
          protected void room() {
            send("c");
          }
        });
    send("b");
    out.room = true;
    out.wake();
    assertThat(out.written).containsExactly("a", "b", "c");
  }

  @Test
  void aMessageInPartsKeepsItsTurn() {
    out.room = false;
    send("a");
    SendQueue.Message parts = sendParts();
    send("b");
    assertThatThrownBy(() -> parts.more(Bytes.utf8("early")))
        .isInstanceOf(IllegalStateException.class);
    out.room = true;
    out.wake();
    assertThat(parts.more(Bytes.utf8("1"))).isTrue();
    out.room = false;
    assertThat(parts.more(Bytes.utf8("2"))).isFalse();
    out.room = true;
    out.wake();
    assertThat(told).containsExactly("a handed over", "a room", "part", "part");
    parts.withdraw();
    assertThat(out.written).containsExactly("a", "1", "2", "b");
  }

  @Test
  void aPauseWithinAMessageInPartsIsNotThePeers() {
    SendQueue.Message parts = sendParts();
    parts.more(Bytes.utf8("1"));
    clock.advance(40);
    out.room = false;
    parts.more(Bytes.utf8("2"));
    clock.advance(29);
    assertThat(told).doesNotContain("slow");
    clock.advance(1);
    assertThat(told).contains("slow");
  }

  @Test
  void aControlFrameThatFillsTheTransportEndsThePause() {
    sendParts();
    clock.advance(40);
    out.room = false;
    queue.urgent(Bytes.utf8("pong"));
    clock.advance(29);
    assertThat(told).doesNotContain("slow");
    clock.advance(1);
    assertThat(told).contains("slow");
  }

  @Test
  void whatWaitsBehindAMessageInPartsWaitsForThePeerOnceThatHasEnded() {
    SendQueue.Message parts = sendParts();
    send("b");
    clock.advance(40);
    out.room = false;
    parts.more(Bytes.utf8("1"));
    parts.withdraw();
    clock.advance(29);
    assertThat(told).doesNotContain("slow");
    clock.advance(1);
    assertThat(told).contains("slow");
  }

  @Test
  void urgentBytesGoFirstAndOnlyTheLatest() {
    queue.urgent(Bytes.utf8("0"));
    out.room = false;
    send("a");
    send("b");
    queue.urgent(Bytes.utf8("1"));
    queue.urgent(Bytes.utf8("2"));
    out.room = true;
    out.wake();
    assertThat(out.written).containsExactly("0", "a", "2", "b");
  }

  @Test
  void aMessageIsEncodedWhenItIsHandedOver() {
    out.room = false;
    send("a");
    queue.send(
        new SendQueue.Message(Bytes.utf8("b")) {
          @Override
          protected Bytes encode(Bytes pending) {
            told.add("encoded");
            return Bytes.utf8(pending.utf8() + "!");
          }
        });
    assertThat(told).doesNotContain("encoded");
    out.room = true;
    out.wake();
    assertThat(out.written).containsExactly("a", "b!");
  }

  private SendQueue.Message send(String text) {
    SendQueue.Message message =
        new SendQueue.Message(Bytes.utf8(text)) {
          @Override
          protected void handedOver() {
            told.add(text + " handed over");
          }

          @Override
          protected void room() {
            told.add(text + " room");
          }

          @Override
          protected void failed(Throwable error) {
            told.add(text + ": " + error.getMessage());
          }
        };
    queue.send(message);
    return message;
  }

  private SendQueue.Message sendParts() {
    SendQueue.Message parts =
        new SendQueue.Message(Bytes.EMPTY) {
          @Override
          protected boolean keepsTurn() {
            return true;
          }

          @Override
          protected void room() {
            told.add("part");
          }
        };
    queue.send(parts);
    return parts;
  }

  private final class Out implements BodyWriter {
    final List<String> written = new ArrayList<>();
    boolean room = true;
    boolean over;
    private @Nullable Runnable waker;

    @Override
    public boolean write(Bytes bytes) {
      if (over) {
        throw new IllegalStateException("gone");
      }
      written.add(bytes.utf8());
      return room;
    }

    void wake() {
      Runnable woken = waker;
      waker = null;
      if (woken != null) {
        woken.run();
      }
    }

    @Override
    public void commit() {}

    @Override
    public void onWritable(Runnable once) {
      waker = once;
    }

    @Override
    public void end(Headers trailers) {}

    @Override
    public Loop loop() {
      return clock;
    }
  }

  private static final class Clock implements Loop {
    private final List<Timer> timers = new ArrayList<>();
    private long now;

    void advance(int seconds) {
      long until = now + Duration.ofSeconds(seconds).toNanos();
      for (Timer due = due(until); due != null; due = due(until)) {
        now = due.at;
        timers.remove(due);
        due.task.run();
      }
      now = until;
    }

    private @Nullable Timer due(long until) {
      return timers.stream().filter(timer -> timer.at <= until).findFirst().orElse(null);
    }

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public boolean inLoop() {
      return true;
    }

    @Override
    public Loop.Timer schedule(Runnable task, Duration delay) {
      Timer timer = new Timer(now + delay.toNanos(), task);
      timers.add(timer);
      return timer;
    }

    @Override
    public long nanoTime() {
      return now;
    }

    private final class Timer implements Loop.Timer {
      final long at;
      final Runnable task;

      Timer(long at, Runnable task) {
        this.at = at;
        this.task = task;
      }

      @Override
      public void cancel() {
        timers.remove(this);
      }
    }
  }
}
