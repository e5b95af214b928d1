package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.time.Duration;

/** A part of the contract that says when something happens: never early, never late. */
abstract class TimeContract extends Contract {
  static final Duration MILLI = Duration.ofMillis(1);

  final void seconds(long count) {
    ground().advance(Duration.ofSeconds(count));
  }

  /** Lets so much time pass, the last millisecond of which ends the connection. */
  final void assertEndsAfter(Peer peer, Duration limit) {
    ground().advance(limit.minus(MILLI));
    assertThat(peer.isEnded()).as("ended early").isFalse();
    ground().advance(MILLI);
    assertThat(peer.isEnded()).as("ended in time").isTrue();
  }

  /** Lets so much time pass, the last millisecond of which brings an answer. */
  final Answer assertAnsweredAfter(Peer peer, Duration limit) {
    ground().advance(limit.minus(MILLI));
    assertThat(peer.rest()).as("answered early").isEmpty();
    ground().advance(MILLI);
    assertThat(peer.rest()).as("answered in time").isNotEmpty();
    return peer.answer();
  }

  /** Lets so much time pass, the last millisecond of which ends an answer that was begun. */
  final void assertOverAfter(Peer peer, Duration limit) {
    ground().advance(limit.minus(MILLI));
    assertThat(peer.isOver()).as("over early").isFalse();
    ground().advance(MILLI);
    assertThat(peer.isOver()).as("over in time").isTrue();
  }
}
