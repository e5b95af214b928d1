package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.runnel.io.Bytes;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class BodyTest {
  @Test
  void lengthIsKnownOrMinusOne() {
    Body.Output output = out -> {};
    Body.Upgrade upgrade = connection -> {};

    assertThat(Body.EMPTY.length()).isZero();
    assertThat(new Body.Whole(Bytes.utf8("ä")).length()).isEqualTo(2);
    assertThat(new Body.File(Path.of("f"), 5, 7).length()).isEqualTo(7);
    assertThat(output.length()).isEqualTo(-1);
    assertThat(upgrade.length()).isEqualTo(-1);
  }

  @Test
  void filesHaveNoNegativeParts() {
    Path file = Path.of("f");

    assertThatIllegalArgumentException().isThrownBy(() -> new Body.File(file, -1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Body.File(file, 0, -1));
  }

  /** A default method would close the circle of Body.EMPTY and Body.Whole (JLS 12.4.2). */
  @Test
  void hasNoDefaultMethod() {
    assertThat(Body.class.getDeclaredMethods())
        .filteredOn(method -> !Modifier.isStatic(method.getModifiers()))
        .noneMatch(Method::isDefault);
  }
}
