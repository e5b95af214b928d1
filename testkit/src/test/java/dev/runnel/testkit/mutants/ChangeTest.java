package dev.runnel.testkit.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.testkit.mutants.Mutant.MissingAnchor;
import java.lang.reflect.Constructor;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each change does what it says, and none is made silently to nothing. */
class ChangeTest {
  private static final int PLAIN = 1_017;
  private static final int LARGE = 11_017;

  private static Mutant sample(String method, Change change) {
    return Mutant.of("a try", "testkit.mutants.Sample", method, change);
  }

  private static int run(Mutant mutant) throws ReflectiveOperationException {
    Class<?> type =
        Class.forName("dev.runnel.testkit.mutants.Sample", true, new MutatedClasses(mutant));
    Constructor<?> made = type.getDeclaredConstructor();
    made.setAccessible(true);
    return ((IntUnaryOperator) made.newInstance()).applyAsInt(5);
  }

  @Test
  void noChangeChangesNothing() throws ReflectiveOperationException {
    assertThat(run(null)).isEqualTo(PLAIN);
    assertThat(new Sample().applyAsInt(5)).isEqualTo(PLAIN);
    assertThat(new Sample().applyAsInt(500)).isEqualTo(LARGE);
  }

  @Test
  void eachChangeDoesWhatItSays() throws ReflectiveOperationException {
    assertThat(run(sample("count", Change.nothing()))).isEqualTo(PLAIN - 10);
    assertThat(run(sample("isLarge", Change.gives(1)))).isEqualTo(LARGE);
    assertThat(run(sample("applyAsInt", Change.without("Sample.count")))).isEqualTo(PLAIN - 10);
    assertThat(run(sample("applyAsInt", Change.twice("Sample.count")))).isEqualTo(PLAIN + 10);
    assertThat(run(sample("applyAsInt", Change.answered("Sample.isLarge", 1)))).isEqualTo(LARGE);
    assertThat(run(sample("applyAsInt", Change.number(7, 9)))).isEqualTo(PLAIN + 2);
    assertThat(run(sample("applyAsInt", Change.unset("kept")))).isEqualTo(PLAIN - 7);
    assertThat(run(sample("widened", Change.more(1, 200)))).isEqualTo(LARGE);
    assertThat(run(sample("applyAsInt", Change.insteadOf("ONE", "OTHER")))).isEqualTo(PLAIN - 1000);
    assertThat(run(sample("isLarge(J)Z", Change.more(0, 200)))).isEqualTo(LARGE);
  }

  static Stream<Mutant> lost() {
    return Stream.of(
        Mutant.of("of no class", "testkit.mutants.Gone", "count", Change.nothing()),
        sample("gone", Change.nothing()),
        sample("isLarge()Z", Change.nothing()),
        sample("widened", Change.more(0, 1)),
        sample("widened", Change.more(2, 1)),
        sample("applyAsInt", Change.without("Sample.gone")),
        sample("applyAsInt", Change.twice("Sample.gone")),
        sample("applyAsInt", Change.twice("Sample.widened")),
        sample("applyAsInt", Change.answered("Sample.gone", 1)),
        sample("applyAsInt", Change.number(12_345, 1)),
        sample("applyAsInt", Change.unset("gone")),
        sample("applyAsInt", Change.insteadOf("GONE", "ONE")));
  }

  @ParameterizedTest
  @MethodSource("lost")
  void aChangeThatFindsNoPlaceSaysSo(Mutant mutant) {
    assertThatThrownBy(() -> new MutatedClasses(mutant))
        .isInstanceOf(MissingAnchor.class)
        .hasMessageMatching("(?s).*(follow the code|is no number|has no place).*");
  }
}
