package dev.runnel.http;

import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are all there, given in slices: what waits for a slow peer is then one slice and not
 * the whole.
 */
final class SliceReader implements BodyReader {
  private static final int SLICE = 64 << 10;

  private final Bytes bytes;
  private final Loop loop;
  private int at;

  SliceReader(Bytes bytes, Loop loop) {
    this.bytes = bytes;
    this.loop = loop;
  }

  @Override
  public @Nullable Bytes poll() {
    if (at == bytes.length()) {
      return null;
    }
    int until = Math.min(bytes.length(), at + SLICE);
    Bytes slice = bytes.slice(at, until);
    at = until;
    return slice;
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
