package dev.runnel.testing.http2;

import java.util.ArrayDeque;
import java.util.Deque;

/** The last frames of a connection, for the message of a test that fails. */
final class FrameLog {
  private static final int KEPT = 60;

  private final Deque<String> lines = new ArrayDeque<>();
  private int left;

  void sent(String frame) {
    add("  > " + frame);
  }

  void received(String frame) {
    add("  < " + frame);
  }

  private void add(String line) {
    lines.add(line);
    if (lines.size() > KEPT) {
      lines.remove();
      left++;
    }
  }

  @Override
  public String toString() {
    String before = left == 0 ? "" : "\n  … " + left + " frames before";
    return before + "\n" + String.join("\n", lines);
  }
}
