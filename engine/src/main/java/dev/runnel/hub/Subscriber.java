package dev.runnel.hub;

import dev.runnel.engine.SendQueue;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;

/** What a hub has to know of those it sends to: a stream of events, a WebSocket session. */
public interface Subscriber {
  /** The loop that it lives on, always the same. */
  Loop loop();

  /** Where messages for it go, always the same. When it fails, the subscriber leaves all hubs. */
  SendQueue queue();

  /**
   * What is sent for bytes that all subscribers of a format share, asked for on its loop when they
   * are handed over: for a protocol in which no two may send the same, such as frames under a mask.
   * The bytes themselves stay as they are.
   */
  default Bytes own(Bytes shared) {
    return shared;
  }

  /**
   * Whether the bytes of several messages may be handed over as one: so if {@link #own} gives them
   * as they are, and the peer finds each message in them by itself. Asked once for a subscription.
   */
  default boolean takesManyAsOne() {
    return false;
  }

  /**
   * Closes it, because it takes messages too slowly. Called on its loop, at most once per
   * subscription, after the subscription is over and its waiting messages were taken back.
   */
  void tooSlow();
}
