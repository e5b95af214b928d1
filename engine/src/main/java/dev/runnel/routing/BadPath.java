package dev.runnel.routing;

/** A path that no route may see. Has no stack trace: scanners send many of these. */
final class BadPath extends Exception {
  private static final long serialVersionUID = 1L;

  private final String complaint;

  BadPath(String complaint) {
    super(complaint, null, false, false);
    this.complaint = complaint;
  }

  /** What to tell the client. */
  String complaint() {
    return complaint;
  }
}
