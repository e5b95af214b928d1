package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file as a body, opened and read on another thread, one slice ahead of who polls. The
 * loop never waits for the disk.
 */
final class FileReader implements BodyReader {
  static final int SLICE = 64 << 10;

  private final Body.File file;
  private final Loop loop;
  private final Executor disk;
  private long taken; // handed to the disk as read or to be read
  private boolean reading;
  private boolean cancelled;
  private @Nullable Bytes ready;
  private @Nullable RuntimeException failure;
  private @Nullable Runnable waker;
  private @Nullable FileChannel channel; // touched by the one read at a time, else by the loop

  FileReader(Body.File file, Loop loop, Executor disk) {
    this.file = file;
    this.loop = loop;
    this.disk = disk;
  }

  @Override
  public @Nullable Bytes poll() {
    if (failure != null) {
      throw failure;
    }
    Bytes next = ready;
    ready = null;
    readAhead();
    return next;
  }

  private void readAhead() {
    if (reading || cancelled || taken == file.length()) {
      return;
    }
    reading = true;
    long from = file.offset() + taken;
    int count = (int) Math.min(SLICE, file.length() - taken);
    taken += count;
    boolean isLast = taken == file.length();
    disk.execute(() -> read(from, count, isLast));
  }

  private void read(long from, int count, boolean isLast) {
    byte[] slice = new byte[count];
    try {
      fill(slice, from);
      if (isLast) {
        close();
      }
      loop.execute(() -> arrived(Bytes.Unsafe.wrap(slice), null));
    } catch (IOException | RuntimeException e) {
      IOException named = new IOException("cannot read '" + file.path() + "' to send it: " + e, e);
      loop.execute(() -> arrived(null, new UncheckedIOException(named)));
    }
  }

  private void fill(byte[] slice, long from) throws IOException {
    FileChannel open = channel;
    if (open == null) {
      open = FileChannel.open(file.path(), StandardOpenOption.READ);
      channel = open;
    }
    ByteBuffer buffer = ByteBuffer.wrap(slice);
    while (buffer.hasRemaining()) {
      if (open.read(buffer, from + buffer.position()) < 0) {
        throw new EOFException("it is shorter than when its length was announced");
      }
    }
  }

  private void arrived(@Nullable Bytes slice, @Nullable RuntimeException error) {
    reading = false;
    ready = slice;
    failure = error;
    if (cancelled || error != null) {
      closeOnDisk();
    }
    Runnable waiting = waker;
    waker = null;
    if (waiting != null && !cancelled) {
      waiting.run();
    }
  }

  private void closeOnDisk() {
    disk.execute(
        () -> {
          try {
            close();
          } catch (IOException e) {
            throw new UncheckedIOException("closing a file that was only read failed", e);
          }
        });
  }

  private void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }

  @Override
  public boolean ended() {
    return failure == null && ready == null && !reading && taken == file.length();
  }

  @Override
  public void onReady(Runnable once) {
    if (ready != null || failure != null || ended()) {
      loop.execute(once);
    } else {
      waker = once;
      readAhead();
    }
  }

  @Override
  public void cancel() {
    if (cancelled || ended() || failure != null) {
      return;
    }
    cancelled = true;
    ready = null;
    failure = new IllegalStateException("reading '" + file.path() + "' was given up");
    if (!reading) {
      closeOnDisk();
    }
  }

  @Override
  public Headers trailers() {
    return Headers.EMPTY;
  }

  @Override
  public long length() {
    return file.length();
  }

  @Override
  public Loop loop() {
    return loop;
  }
}
