package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.server.Eventually;
import dev.runnel.testing.VirtualLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stream of blocking code against a body whose loop is turned by hand. */
class WriterStreamTest {
  private static final int PIECE = 64 << 10;

  private final VirtualLoop loop = new VirtualLoop();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final List<Integer> pieces = new ArrayList<>();
  private final ExecutorService threads = Executors.newSingleThreadExecutor();
  private final OutputStream stream = new Body().asOutputStream();
  private volatile Thread writer = Thread.currentThread();
  private boolean writable = true;
  private int handed;
  private @Nullable RuntimeException failure;
  private @Nullable Runnable waker;

  private final class Body implements BodyWriter {
    @Override
    public boolean write(Bytes bytes) {
      handed++;
      if (failure != null) {
        throw failure;
      }
      pieces.add(bytes.length());
      written.writeBytes(bytes.toByteArray());
      return writable;
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
      return loop;
    }
  }

  private interface Code {
    void run() throws IOException;
  }

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private Future<?> begin(Code code) {
    return threads.submit(
        () -> {
          writer = Thread.currentThread();
          code.run();
          return null;
        });
  }

  /** Turns the loop until so many pieces were handed to the body. */
  private void turnUntil(int handedOver) {
    Eventually.until(
        () -> {
          loop.run();
          return handed == handedOver;
        },
        "the code to hand over its piece number " + handedOver);
  }

  /** Turns the loop until the code has ended, and what it handed over last is written. */
  private void turnUntil(Future<?> done) throws Exception {
    Eventually.until(
        () -> {
          loop.run();
          return done.isDone();
        },
        "the code to end");
    loop.run();
    done.get();
  }

  @Test
  void bytesComeInOrderWhateverTheirPieces() throws Exception {
    Random random = new Random(4711);
    byte[] all = new byte[3 << 20];
    random.nextBytes(all);
    turnUntil(
        begin(
            () -> {
              int at = 0;
              while (at < all.length) {
                int most = random.nextInt(4) == 0 ? 200_000 : 9_000;
                int count = Math.min(all.length - at, random.nextInt(most));
                if (count == 1) {
                  stream.write(all[at]);
                } else {
                  stream.write(all, at, count);
                }
                at += count;
                if (random.nextInt(10) == 0) {
                  stream.flush();
                }
              }
              stream.flush();
            }));
    assertThat(written.toByteArray()).isEqualTo(all);
  }

  @Test
  void smallWritesAreGathered() throws Exception {
    turnUntil(
        begin(
            () -> {
              for (int i = 0; i < 4; i++) {
                stream.write(new byte[4]);
                stream.write(new byte[(16 << 10) - 4]);
              }
            }));
    assertThat(pieces).containsExactly(16 << 10, 16 << 10, 16 << 10);
  }

  @Test
  void anArrayMayBeUsedAgain() throws Exception {
    byte[] mine = new byte[PIECE];
    turnUntil(
        begin(
            () -> {
              for (int i = 0; i < 5; i++) {
                Arrays.fill(mine, (byte) i);
                stream.write(mine);
              }
              stream.flush();
            }));
    for (int i = 0; i < 5; i++) {
      assertThat(written.toByteArray()[i * PIECE + 7]).isEqualTo((byte) i);
    }
  }

  @Test
  void onePieceMayBeOnItsWayAndNoMore() throws Exception {
    writable = false;
    CompletableFuture<Void> first = new CompletableFuture<>();
    Future<?> both =
        begin(
            () -> {
              stream.write(new byte[PIECE]);
              first.complete(null);
              stream.write(new byte[PIECE]);
            });
    Eventually.get(first, "the code to end");
    turnUntil(1);
    assertThat(written.size()).isEqualTo(PIECE);
    Eventually.until(() -> writer.getState() == Thread.State.WAITING, "the writer to wait");
    loop.run();
    assertThat(handed).as("pieces for a slow peer").isEqualTo(1);
    assertThat(both.isDone()).isFalse();
    waker.run();
    turnUntil(2);
    Eventually.get(both, "the code to end");
    assertThat(written.size()).isEqualTo(2 * PIECE);
  }

  @Test
  void flushWaitsForThePeer() throws Exception {
    writable = false;
    Future<?> flushed =
        begin(
            () -> {
              stream.write(42);
              stream.flush();
            });
    turnUntil(1);
    assertThat(written.toByteArray()).containsExactly(42);
    assertThat(flushed.isDone()).isFalse();
    waker.run();
    Eventually.get(flushed, "the code to end");
  }

  @Test
  void aFailureIsToldByTheNextWriteAndByAllBehindIt() throws Exception {
    failure = new IllegalStateException("gone");
    Future<?> first = begin(() -> stream.write(new byte[PIECE]));
    turnUntil(1);
    Eventually.get(first, "the code to end");
    for (int i = 0; i < 3; i++) {
      boolean flush = i == 1;
      Future<?> next =
          begin(
              () -> {
                if (flush) {
                  stream.flush();
                } else {
                  stream.write(new byte[PIECE]);
                }
              });
      assertThatThrownBy(() -> Eventually.get(next, "the code to end"))
          .cause()
          .isInstanceOf(IOException.class)
          .hasRootCause(failure);
    }
    loop.run();
    assertThat(handed).as("pieces for a body that failed").isEqualTo(1);
  }
}
