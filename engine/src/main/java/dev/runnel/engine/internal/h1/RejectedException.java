package dev.runnel.engine.internal.h1;

import org.jspecify.annotations.Nullable;

/**
 * A message that breaks a rule. Attackers make these by the million, so it has no stack trace: the
 * violation and the detail say where.
 */
public final class RejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Violation violation;
  private final @Nullable String detail;

  RejectedException(Violation violation, @Nullable String detail) {
    super(null, null, false, false);
    this.violation = violation;
    this.detail = detail;
  }

  /** The rule that was broken. */
  public Violation violation() {
    return violation;
  }

  /**
   * Where and by what, for the peer or the caller, and the log: printable ASCII; null when the rule
   * says all.
   */
  public @Nullable String detail() {
    return detail;
  }

  /** The rule, and where it was broken. */
  @Override
  public String getMessage() {
    return detail == null ? violation.sentence() : violation.sentence() + " (" + detail + ")";
  }
}
