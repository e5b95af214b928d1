package dev.runnel.testkit.mutants;

import java.util.function.IntUnaryOperator;

/** What the changes are tried out on. */
final class Sample implements IntUnaryOperator {
  private enum Kind {
    ONE,
    OTHER
  }

  private int calls;
  private int kept;

  @Override
  public int applyAsInt(int number) {
    long wide = widened("", number);
    boolean large = isLarge(wide);
    count();
    kept = 7;
    Kind kind = Kind.ONE;
    return (large ? 10_000 : 0) + (isOne(kind) ? 1_000 : 0) + 10 * calls + kept;
  }

  private long widened(String unused, long number) {
    return number + unused.length();
  }

  private boolean isLarge(long number) {
    return number > 100;
  }

  private static boolean isOne(Kind kind) {
    return kind == Kind.ONE;
  }

  private void count() {
    calls++;
  }
}
