package dev.runnel.client;

import dev.runnel.http.BodyReader;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are all there, in slices, so that a large body does not wait as a whole for a server.
 */
final class WholeReader implements BodyReader {
  private final Bytes bytes;
  private final int slice;
  private final Loop loop;
  private int at;

  WholeReader(Bytes bytes, int slice, Loop loop) {
    this.bytes = bytes;
    this.slice = slice;
    this.loop = loop;
  }

  @Override
  public @Nullable Bytes poll() {
    if (at == bytes.length()) {
      return null;
    }
    int until = Math.min(bytes.length(), at + slice);
    Bytes next = bytes.slice(at, until);
    at = until;
    return next;
  }

  @Override
  public boolean ended() {
    return at == bytes.length();
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
    return bytes.length();
  }

  @Override
  public Loop loop() {
    return loop;
  }
}
