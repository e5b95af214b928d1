package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class TokensTest {
  /** RFC 9110 5.6.2, written out. */
  private static final String TOKEN_CHARACTERS =
      "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  @Test
  void tokensHaveTheCharactersOfTheRfc() {
    for (int c = 0; c <= 0xFFFF; c++) {
      assertThat(Tokens.isTokenChar((char) c))
          .as("U+%04X", c)
          .isEqualTo(TOKEN_CHARACTERS.indexOf(c) >= 0);
    }
    assertThat(Tokens.isToken(TOKEN_CHARACTERS)).isTrue();
    assertThat(Tokens.isToken("")).isFalse();
    assertThat(Tokens.isToken("a b")).isFalse();
  }

  @Test
  void valuesHaveNoControls() {
    for (int c = 0; c <= 0xFFFF; c++) {
      String value = "a" + (char) c + "b";
      boolean allowed = c == '\t' || (c >= ' ' && c <= 0xFF && c != 0x7F);
      if (allowed) {
        assertThat(Tokens.requireFieldValue("X", value)).isSameAs(value);
      } else if (c < 0x200 || c % 0x100 == '\n' || c % 0x100 == '\r') {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> Tokens.requireFieldValue("X", value))
            .withMessageContaining("'X'")
            .withMessageContaining(String.format("U+%04X", (int) value.charAt(1)))
            .withMessageContaining("index 1");
      }
    }
  }

  @Test
  void namesWhatIsNoToken() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tokens.requireToken("a b", "method"))
        .withMessage("method must be a token (RFC 9110 5.6.2), but is \"a b\"");
  }

  @Test
  void quotesForMessagesOnOneLine() {
    assertThat(Tokens.quote("a\r\nb\u007f")).isEqualTo("\"a\\u000d\\u000ab\\u007f\"");
    assertThat(Tokens.quote("x".repeat(80))).isEqualTo('"' + "x".repeat(80) + '"');
    assertThat(Tokens.quote("x".repeat(81))).isEqualTo('"' + "x".repeat(80) + "…\"");
  }
}
