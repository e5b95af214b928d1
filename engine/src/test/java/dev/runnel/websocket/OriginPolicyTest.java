package dev.runnel.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OriginPolicyTest {
  @Test
  void originsAreComparedAsBrowsersWriteThem() {
    OriginPolicy policy = OriginPolicy.of("https://App.Example:443", "http://b:8080");
    assertThat(policy.allows(null, "https://app.example")).isTrue();
    assertThat(policy.allows(null, "http://b:8080")).isTrue();
    assertThat(policy.allows(null, "http://b")).isFalse();
    assertThat(policy.allows(null, "http://app.example")).isFalse();
    assertThat(policy.allows(null, "null")).isFalse();
  }

  @Test
  void whatIsNoOriginIsRefusedAtOnce() {
    for (String bad : new String[] {"app.example", "https://", "https://a/", "https://a b", ""}) {
      assertThatThrownBy(() -> OriginPolicy.of(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + bad + "'");
    }
  }
}
