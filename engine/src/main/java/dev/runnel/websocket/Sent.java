package dev.runnel.websocket;

/** What became of a message. Told on the loop of its session. */
public interface Sent {
  /** It was handed over whole, and there is room for more. */
  void room();

  /** It was not handed over and never will be, because of this. */
  void failed(Throwable error);
}
