package dev.runnel.testkit.suite;

import dev.runnel.testing.MemoryPeer;
import dev.runnel.testing.MemoryServer;
import dev.runnel.testing.Peer;
import java.util.function.Predicate;

/**
 * A client in memory that waits for nothing but what the loop has to do now: where no other thread
 * takes part, more waiting brings no more.
 */
final class VirtualPeer extends Peer {
  private final MemoryServer server;
  private final MemoryPeer below;

  VirtualPeer(MemoryServer server) {
    this.server = server;
    this.below = server.connect();
    below.onReceived(this::arrived);
  }

  @Override
  public void await(Predicate<Peer> condition, String what) {
    server.run();
    if (!condition.test(this)) {
      throw new AssertionError("waited in vain " + what + "; so far: " + soFar());
    }
  }

  @Override
  public void send(byte[] bytes) {
    below.send(bytes);
  }

  @Override
  public String all() {
    return below.all();
  }

  @Override
  public boolean isEnded() {
    return below.isEnded();
  }

  @Override
  public void reading(boolean on) {
    below.reading(on);
  }

  @Override
  public void halfClose() {
    below.halfClose();
  }

  @Override
  public void vanish() {
    below.vanish();
  }

  @Override
  public void close() {
    below.close();
  }
}
