package dev.runnel.hub;

/** What a hub does with a message for a subscriber whose queue is full. */
public enum Overflow {
  /** The subscriber is closed: better no connection than one with holes. The default. */
  CLOSE_SLOW,
  /** The oldest message that waits gives way. */
  DROP_OLDEST,
  /**
   * A message takes the place of the one that waits and has the same key, whether the queue is full
   * or not; where there is none, it is as with {@link #DROP_OLDEST}. For values of which only the
   * newest counts.
   */
  CONFLATE,
  /**
   * The message waits for a place, and so does the stage of its broadcast; other subscribers have
   * it meanwhile. What waits is bounded only by broadcasters that wait for their stage.
   */
  SUSPEND
}
