package dev.runnel.testkit.suite;

import dev.runnel.testing.Peer;
import dev.runnel.testkit.RawPeer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * A raw peer of the harness, for the scripts that speak through it. It waits for nothing but what
 * the loop has to do now: where no other thread takes part, more waiting brings no more. It closes
 * when the server has, as clients do.
 */
final class WirePeer extends Peer {
  private final RawPeer raw;
  private int told;
  private boolean stays;
  private boolean closed;

  WirePeer(RawPeer raw) {
    this.raw = raw;
  }

  /** From now on it keeps its half open when the server has closed. */
  WirePeer staying() {
    stays = true;
    return this;
  }

  /** Looks at what came, and lets the script answer it. */
  void look() {
    int came = raw.received().length;
    while (came > told) { // the answer may bring more
      told = came;
      arrived();
      came = raw.received().length;
    }
    if (!closed && !stays && raw.isEnded()) {
      close();
    }
  }

  @Override
  public void send(byte[] bytes) {
    raw.send(bytes);
    look();
  }

  @Override
  public void await(Predicate<Peer> condition, String what) {
    look();
    if (!condition.test(this)) {
      throw new AssertionError("waited in vain " + what + "; so far: " + soFar());
    }
  }

  @Override
  public String all() {
    return new String(raw.received(), StandardCharsets.ISO_8859_1);
  }

  @Override
  protected byte[] received(int from) {
    byte[] all = raw.received();
    return Arrays.copyOfRange(all, from, all.length);
  }

  @Override
  public boolean isEnded() {
    return raw.isEnded();
  }

  /** How many bytes there was no room for yet. */
  int unsent() {
    return raw.unsent();
  }

  /** Whether the server, or the network, broke the connection off. */
  boolean wasReset() {
    return raw.wasReset();
  }

  @Override
  public void reading(boolean on) {
    RawPeer unused = raw.reading(on);
    look();
  }

  @Override
  public void halfClose() {
    RawPeer unused = raw.halfClose();
    look();
  }

  @Override
  public void vanish() {
    closed = true;
    raw.vanish();
  }

  @Override
  public void close() {
    closed = true;
    raw.close();
  }
}
