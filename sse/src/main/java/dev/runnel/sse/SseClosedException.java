package dev.runnel.sse;

/** A stream of events has ended: nothing can be sent any more. */
public final class SseClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  SseClosedException(SseClosedException same) {
    super(same.getMessage());
  }

  SseClosedException(String why) {
    super("the stream of events has ended: " + why);
  }
}
