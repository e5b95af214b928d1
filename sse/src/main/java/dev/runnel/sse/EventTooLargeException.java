package dev.runnel.sse;

/** An event of a stream has more bytes than its reader holds. */
public final class EventTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EventTooLargeException(int limit) {
    super(
        "an event of the stream is larger than "
            + limit
            + " bytes, or a line of it does not end; send smaller events, or give the EventParser"
            + " a higher limit");
  }
}
