package dev.runnel.testkit.suite;

import dev.runnel.io.Bytes;
import dev.runnel.memory.WireEnd;
import dev.runnel.memory.WireFaults;
import dev.runnel.testing.Peer;
import dev.runnel.transport.memory.MemoryNetwork;
import java.io.ByteArrayOutputStream;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client of bytes in memory. It waits for nothing but what the loop has to do now: where no other
 * thread takes part, more waiting brings no more. It closes when the server has, as clients do.
 */
final class WirePeer extends Peer {
  private final Scene scene;
  private final ByteArrayOutputStream received = new ByteArrayOutputStream();
  private final Deque<Bytes> unsent = new ArrayDeque<>();
  private @Nullable WireEnd end;
  private boolean reads = true;
  private boolean stays;
  private boolean ended;

  WirePeer(Scene scene, MemoryNetwork network, WireFaults faults) {
    this.scene = scene;
    scene.act(
        () -> {
          try {
            WireEnd made = network.connect(MemoryNetwork.PORT, faults);
            end = made;
            made.listen(this::read, this::write);
          } catch (ConnectException e) {
            ended = true; // refused
          }
        });
  }

  /** From now on it keeps its half open when the server has closed. */
  WirePeer staying() {
    stays = true;
    return this;
  }

  private void read() {
    WireEnd from = end;
    if (from == null || !reads) {
      return;
    }
    boolean news = false;
    for (Bytes next = from.read(); next != null; next = from.read()) {
      received.writeBytes(next.toByteArray());
      news = true;
    }
    if (!ended && (from.ended() || from.wasReset())) {
      ended = true;
      news = true;
      if (!stays) {
        from.close();
      }
    }
    if (news) {
      arrived();
    }
  }

  private void write() {
    WireEnd to = end;
    for (Bytes next = unsent.poll(); next != null && to != null; next = unsent.poll()) {
      int count = to.write(next);
      if (count < next.length()) {
        unsent.addFirst(next.slice(count, next.length()));
        return;
      }
    }
  }

  @Override
  public void send(byte[] bytes) {
    scene.act(
        () -> {
          unsent.add(Bytes.copyOf(bytes));
          write();
        });
  }

  @Override
  public void await(Predicate<Peer> condition, String what) {
    scene.run();
    if (!condition.test(this)) {
      throw new AssertionError("waited in vain " + what + "; so far: " + soFar());
    }
  }

  @Override
  public String all() {
    return received.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  protected byte[] received(int from) {
    byte[] all = received.toByteArray();
    return Arrays.copyOfRange(all, from, all.length);
  }

  @Override
  public boolean isEnded() {
    return ended;
  }

  /** How many bytes there was no room for yet. */
  int unsent() {
    return unsent.stream().mapToInt(Bytes::length).sum();
  }

  /** Whether the server, or the network, broke the connection off. */
  boolean wasReset() {
    return end != null && end.wasReset();
  }

  /** Takes a few of the bytes that wait, where it does not read. */
  void sip() {
    scene.act(
        () -> {
          Bytes some = end == null ? null : end.read();
          if (some != null) {
            received.writeBytes(some.toByteArray());
          }
        });
  }

  @Override
  public void reading(boolean on) {
    reads = on;
    scene.act(this::read);
  }

  @Override
  public void halfClose() {
    onEnd(WireEnd::finish);
  }

  @Override
  public void vanish() {
    onEnd(WireEnd::reset);
  }

  @Override
  public void close() {
    onEnd(WireEnd::close);
  }

  private void onEnd(Consumer<WireEnd> action) {
    scene.act(
        () -> {
          if (end != null) {
            action.accept(end);
          }
        });
  }
}
