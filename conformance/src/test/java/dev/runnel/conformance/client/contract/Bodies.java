package dev.runnel.conformance.client.contract;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bodies that tests send, on either side. */
final class Bodies {
  static final int PIECE = 16 << 10;

  private Bodies() {}

  /** A producer as a lambda. */
  @FunctionalInterface
  interface Writing extends Body.Producer {}

  /** The piece of this number, different from its neighbours. */
  static Bytes piece(int number) {
    byte[] piece = new byte[PIECE];
    Arrays.fill(piece, (byte) number);
    return Bytes.copyOf(piece);
  }

  /** Writes so many pieces, each when there is room, and tells each one. */
  static void pump(BodyWriter out, int from, int count, Runnable wrote) {
    for (int i = from; i < count; i++) {
      wrote.run();
      if (!out.write(piece(i))) {
        int next = i + 1;
        out.onWritable(() -> pump(out, next, count, wrote));
        return;
      }
    }
    out.end();
  }

  /** So many pieces, written by themselves. */
  static Writing pieces(int count, Runnable wrote) {
    return out -> pump(out, 0, count, wrote);
  }

  /** What is there to be pulled, at once. */
  static Body.Source source(Loop loop, String... pieces) {
    Deque<Bytes> left = new ArrayDeque<>();
    List.of(pieces).forEach(text -> left.add(Bytes.utf8(text)));
    return new Body.Source() {
      @Override
      public @Nullable Loop home() {
        return null;
      }

      @Override
      public BodyReader open() {
        return new Pieces(loop, left);
      }
    };
  }

  private record Pieces(Loop loop, Deque<Bytes> left) implements BodyReader {
    @Override
    public @Nullable Bytes poll() {
      return left.poll();
    }

    @Override
    public boolean ended() {
      return left.isEmpty();
    }

    @Override
    public void onReady(Runnable once) {
      loop.execute(once);
    }

    @Override
    public Headers trailers() {
      return Headers.EMPTY;
    }

    @Override
    public long length() {
      return -1;
    }
  }

  /** What comes is sent back as it comes. */
  record Echo(BodyReader reader) implements Body.Source {
    @Override
    public BodyReader open() {
      return reader;
    }
  }
}
