package dev.runnel.testkit;

import java.util.List;

/**
 * What came of a replay.
 *
 * @param expected what was recorded
 * @param actual what came this time, redacted in the same way
 * @param differences one line each; empty if there are none
 */
public record Replayed(Recording expected, Recording actual, List<String> differences) {
  public Replayed {
    differences = List.copyOf(differences);
  }

  /** Whether the answer is the recorded one. */
  public boolean matches() {
    return differences.isEmpty();
  }

  /**
   * Fails unless the answer is the recorded one.
   *
   * @return this
   * @throws AssertionError with the differences, and both exchanges as fixtures show them
   */
  public Replayed shouldMatchRecording() {
    if (!matches()) {
      throw new AssertionError(
          expected.request().method()
              + " "
              + expected.request().target()
              + " was not answered as it was recorded:\n- "
              + String.join("\n- ", differences)
              + "\n\nexpected:\n"
              + expected.text()
              + "\nbut was:\n"
              + actual.text());
    }
    return this;
  }
}
