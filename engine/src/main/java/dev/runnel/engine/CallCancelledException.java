package dev.runnel.engine;

/** What a body's reader or writer throws once the call is cancelled. */
public final class CallCancelledException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final CancelCause reason;

  /** For this recorded cause. */
  public CallCancelledException(CancelCause reason) {
    super("the call was cancelled: " + reason);
    this.reason = reason;
  }

  /** Why the call was cancelled. */
  public CancelCause reason() {
    return reason;
  }
}
