package dev.runnel.ws;

/** What became of a message that was only tried. */
public enum SendResult {
  /** It is in the transport's hands. */
  SENT,
  /** The peer takes too little at the moment; nothing was sent. */
  FULL,
  /** The session is closed; nothing was sent. */
  CLOSED
}
