package dev.runnel.conformance.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Reply;
import dev.runnel.testing.http2.ScriptedPeer;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * A peer that sends without end, and beside it one that behaves well and must be served all the
 * while.
 */
final class Flood {
  private static final int BATCH = 40;
  private static final int BATCHES_PER_WITNESS = 5;

  private final ScriptedPeer attacker;
  private final ScriptedPeer witness;
  private int served;

  Flood(Stage stage, int... settings) {
    this(stage, stage.connect(settings));
  }

  Flood(Stage stage, ScriptedPeer attacker) {
    this.attacker = attacker;
    this.witness = stage.connect();
  }

  ScriptedPeer attacker() {
    return attacker;
  }

  /** Sends what each number gives, until the server has enough; it must have before the last. */
  Flood send(int most, IntFunction<List<Frame>> each) {
    List<Frame> batch = new ArrayList<>();
    for (int i = 0; i < most && !isOver(); i++) {
      batch.addAll(each.apply(i));
      if (i % BATCH == BATCH - 1 || i == most - 1) {
        sendBatch(batch);
        batch.clear();
        if (i / BATCH % BATCHES_PER_WITNESS == 0) {
          witness();
        }
      }
    }
    return this;
  }

  private boolean isOver() {
    return attacker.isEnded() || attacker.count(Frame.GOAWAY) > 0;
  }

  private void sendBatch(List<Frame> batch) {
    try {
      attacker.send(batch);
    } catch (UncheckedIOException e) {
      attacker.awaitEnd(); // closed while we wrote: what came before is looked at below
    }
  }

  private void witness() {
    Reply reply = witness.response(witness.get("/text"));
    assertThat(reply.body()).as("what the peer beside it got").isEqualTo("hi");
    served++;
  }

  /** The server had enough, said so, and the other peer never noticed. */
  void expectCalm() {
    attacker.awaitGoAway(ErrorCode.ENHANCE_YOUR_CALM);
    attacker.awaitEnd();
    witness();
    assertThat(served).isGreaterThan(1);
  }

  /** The server took it all. */
  void expectPatience() {
    attacker.settle();
    assertThat(attacker.count(Frame.GOAWAY)).isZero();
    witness();
  }
}
