package dev.runnel.http;

import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a response carries. Whole bodies may be sent any number of times; a stream says for itself
 * whether it can.
 */
public sealed interface Body {
  /** No body. */
  Body EMPTY = new Whole(Bytes.EMPTY);

  /**
   * The length in bytes, or -1 when it is not known in advance.
   *
   * <p>Abstract on purpose: with a default method here, initializing {@link Whole} would initialize
   * this interface, whose {@link #EMPTY} needs Whole, and two threads that start at either end
   * would wait for each other for ever (JLS 12.4.2).
   */
  long length();

  /** Says that a body is not wanted (HEAD, 304, a call that is over): it will not be sent. */
  static void discard(Body body) {
    if (body instanceof Source source) {
      source.discard();
    } else if (body instanceof Producer producer) {
      producer.discard();
    } else if (body instanceof Upgrade upgrade) {
      upgrade.discard();
    }
  }

  /** Bytes that are all there. */
  record Whole(Bytes bytes) implements Body {
    @Override
    public long length() {
      return bytes.length();
    }
  }

  /**
   * A part of a file, sent without passing through the heap where the transport can. Opened when
   * the answer is committed.
   *
   * @param path the file
   * @param offset where to start, in bytes
   * @param length how many bytes to send
   */
  record File(Path path, long offset, long length) implements Body {
    public File {
      if (offset < 0 || length < 0) {
        throw new IllegalArgumentException(
            "offset and length of a file body must not be negative: " + offset + ", " + length);
      }
    }
  }

  /** A body pulled from elsewhere (a proxy, a cache) as fast as the peer takes it. */
  non-sealed interface Source extends Body {
    @Override
    default long length() {
      return -1;
    }

    /**
     * The loop that {@link #open()} has to be called on, where that is not the one that sends; the
     * bytes then cross over.
     */
    default @Nullable Loop home() {
      return null;
    }

    /**
     * Called once, on the loop that sends or on {@link #home()}, when the answer is committed or
     * the request sent. The reader is cancelled if its end is not wanted any more.
     */
    BodyReader open();

    /**
     * Called instead of {@link #open()} when the body is not wanted (HEAD, 304, a call that is
     * over).
     */
    default void discard() {}
  }

  /** A body that writes itself on the loop and never blocks. */
  non-sealed interface Producer extends Body {
    @Override
    default long length() {
      return -1;
    }

    /**
     * Called once, on the loop, after all filters returned. Whatever it throws ends the call: with
     * a mapped error before the first byte, with an aborted body after it.
     */
    void produce(BodyWriter writer) throws Exception;

    /**
     * Called instead of {@link #produce} when the body is not wanted (HEAD, 304, a call that is
     * over).
     */
    default void discard() {}
  }

  /** A body written by blocking code, on a thread where it may block. */
  @FunctionalInterface
  non-sealed interface Output extends Body {
    @Override
    default long length() {
      return -1;
    }

    /**
     * Called once; the stream blocks while the peer is slow. Returning ends the body, throwing
     * aborts it.
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Takes the connection over (101 on HTTP/1.1, 200 to CONNECT): WebSocket, tunnels. */
  @FunctionalInterface
  non-sealed interface Upgrade extends Body {
    @Override
    default long length() {
      return -1;
    }

    /** Called once, on the loop, when the head was handed over. */
    void take(RawConnection connection);

    /** Called instead of {@link #take} when the body is not wanted (a call that is over). */
    default void discard() {}
  }
}
