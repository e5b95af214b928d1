package dev.runnel.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.runnel.server.Eventually;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SegmentRegexTest {
  private static final String[] ATOMS = {
    "a",
    "b",
    "c",
    ".",
    "[ab]",
    "[^a]",
    "\\d",
    "\\w",
    "[b-c-]",
    "(?:a|bc)",
    "\\.",
    "[^\\d]",
    "\\W",
    "[\\w-]"
  };
  private static final String[] QUANTIFIERS = {"", "", "", "?", "*", "+", "{2}", "{0,2}", "{1,}"};
  private static final String[] LETTERS = {"a", "b", "c", "1", "-", ".", "\u00e9", "\uD83D\uDE00"};

  @Test
  void agreesWithJavaRegexes() {
    Random random = new Random(42);
    int refused = 0;
    for (int i = 0; i < 500; i++) {
      String regex = regex(random, 2);
      SegmentRegex ours = compileOrNull(regex);
      if (ours == null) {
        refused++;
        continue;
      }
      Pattern theirs = Pattern.compile(regex);
      for (int j = 0; j < 20; j++) {
        String text = text(random);
        assertThat(ours.matches("/" + text + "/", 1, 1 + text.length()))
            .as("%s on %s", regex, text)
            .isEqualTo(theirs.matcher(text).matches());
      }
    }
    assertThat(refused).isLessThan(25);
  }

  /** Null for the few that are too complex, as {@code (...){2}} of {@code .*} on both sides. */
  private static @Nullable SegmentRegex compileOrNull(String regex) {
    try {
      return SegmentRegex.compile(regex);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageContaining("too complex");
      return null;
    }
  }

  private static String regex(Random random, int depth) {
    StringBuilder out = new StringBuilder();
    for (int i = random.nextInt(3); i >= 0; i--) {
      String atom =
          depth > 0 && random.nextInt(3) == 0
              ? "(" + regex(random, depth - 1) + "|" + regex(random, depth - 1) + ")"
              : pick(random, ATOMS);
      out.append(atom).append(pick(random, QUANTIFIERS));
    }
    return out.toString();
  }

  private static String text(Random random) {
    StringBuilder out = new StringBuilder();
    for (int i = random.nextInt(7); i > 0; i--) {
      out.append(pick(random, LETTERS));
    }
    return out.toString();
  }

  private static String pick(Random random, String[] from) {
    return from[random.nextInt(from.length)];
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "[a-z]+ [0-9]+ false",
        "[a-z]+ [a-f]+ true",
        "a+ b* false",
        "a* b* true",
        "(ab)+ (ba)+ false",
        ".+ x true",
        "a{3} a{4} false",
        "a{3,5} a{5,6} true",
        "[^a] a false",
      })
  void findsOverlaps(String one, String other, boolean overlaps) {
    SegmentRegex a = SegmentRegex.compile(one);
    SegmentRegex b = SegmentRegex.compile(other);

    assertThat(a.overlaps(b)).isEqualTo(overlaps);
    assertThat(b.overlaps(a)).isEqualTo(overlaps);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        ")",
        "a)",
        "[",
        "[]",
        "[a",
        "[z-a]",
        "[[a]]",
        "[a&&b]",
        "*",
        "a**",
        "a+?",
        "a*+",
        "a{2}{3}",
        "a{",
        "a{x}",
        "a{2",
        "a{3,2}",
        "a{257}",
        "^a",
        "a$",
        "a/b",
        "(?=a)",
        "(?i)a",
        "(?<n>a)",
        "\\1a",
        "\\b",
        "\\p{L}",
        "\\",
        "a\\",
        "\\n",
        "[\\d-z]x{1,999999999999}",
        "(a|b)*a(a|b){20}",
        "((a{256}){256}){256}",
        "(((((((((((((((((((((((((((((((((((((((((((((((((((a",
      })
  void refusesWhatItCannotDo(String regex) {
    assertThatThrownBy(() -> SegmentRegex.compile(regex))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void takesLinearTime() {
    SegmentRegex evil = SegmentRegex.compile("(a+)+b");
    String text = "a".repeat(100_000);

    // java.util.regex would need 2^100,000 steps: whoever goes back does not come to the end.
    assertTimeoutPreemptively(
        Eventually.PATIENCE, () -> assertThat(evil.matches(text, 0, text.length())).isFalse());
  }
}
