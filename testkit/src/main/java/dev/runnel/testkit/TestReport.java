package dev.runnel.testkit;

/** What a failed test did, beside the failure: the seed, the virtual time, the wires. */
public final class TestReport extends RuntimeException {
  private static final long serialVersionUID = 1;

  TestReport(String text) {
    super(text, null, false, false);
  }
}
