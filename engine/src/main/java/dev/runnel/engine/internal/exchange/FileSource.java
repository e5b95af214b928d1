package dev.runnel.engine.internal.exchange;

import dev.runnel.http.BodyReader;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A file read on a few threads of its own, one slice ahead of the peer, for transports that cannot
 * send a file by themselves (TLS, HTTP/2, in memory). The loop never waits for the disk.
 */
final class FileSource implements BodyReader {
  private static final int SLICE = 64 << 10;

  private final OpenFile file;
  private final Loop loop;
  private @Nullable Bytes ready;
  private @Nullable IOException failure;
  private @Nullable Runnable waker;
  private boolean reading;
  private boolean closed;

  FileSource(OpenFile file, Loop loop) {
    this.file = file;
    this.loop = loop;
  }

  @Override
  public @Nullable Bytes poll() {
    if (failure != null) {
      throw new IllegalStateException("the file could not be read", failure);
    }
    Bytes bytes = ready;
    ready = null;
    readAhead();
    return bytes;
  }

  private void readAhead() {
    if (reading || closed || ready != null || file.remaining == 0) {
      return;
    }
    reading = true;
    long from = file.position;
    int count = (int) Math.min(SLICE, file.remaining);
    file.readers.execute(() -> read(from, count));
  }

  private void read(long from, int count) {
    byte[] slice = new byte[count];
    ByteBuffer buffer = ByteBuffer.wrap(slice);
    IOException error = null;
    try {
      while (buffer.hasRemaining()) {
        if (file.channel.read(buffer, from + buffer.position()) < 0) {
          throw new EOFException("the file became shorter while it was sent");
        }
      }
    } catch (IOException e) {
      error = e;
    }
    IOException outcome = error;
    loop.execute(() -> arrived(Bytes.Unsafe.wrap(slice), outcome));
  }

  private void arrived(Bytes slice, @Nullable IOException error) {
    reading = false;
    if (closed) {
      file.close();
      return;
    }
    if (error == null) {
      ready = slice;
      file.position += slice.length();
      file.remaining -= slice.length();
    } else {
      failure = error;
    }
    Runnable waiting = waker;
    waker = null;
    if (waiting != null) {
      waiting.run();
    }
  }

  @Override
  public boolean ended() {
    return failure == null && ready == null && !reading && file.remaining == 0;
  }

  @Override
  public void onReady(Runnable once) {
    if (ready != null || failure != null || ended()) {
      loop.execute(once);
    } else {
      waker = once;
    }
  }

  /** Nothing more is wanted; a read in progress closes the file when it is done. */
  void close() {
    closed = true;
    if (!reading) {
      file.close();
    }
  }

  @Override
  public Headers trailers() {
    return Headers.EMPTY;
  }

  @Override
  public long length() {
    return -1;
  }

  @Override
  public Loop loop() {
    return loop;
  }
}
