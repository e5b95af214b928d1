package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Body;
import dev.runnel.http.QueryParams;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SimpleBodiesTest {
  private static String text(Body body) {
    return ((Body.Whole) body).bytes().utf8();
  }

  @Test
  void aFormIsEncodedAsTheUrlStandardHasIt() {
    assertThat(text(FormBody.of("a b", "c&d=e", "ä", "*-._~", "a b", "\r\n")))
        .isEqualTo("a+b=c%26d%3De&%C3%A4=*-._%7E&a+b=%0D%0A");
    assertThat(text(FormBody.of())).isEmpty();
    assertThat(text(FormBody.of(QueryParams.of("x", "")))).isEqualTo("x=");
  }

  @Test
  void aValueIsEncodedAsJson() {
    assertThat(text(JsonBody.of(Map.of("a", 1)))).isEqualTo("{\"a\":1}");
  }

  @Test
  void whatIsAllThereCanBeSentAgain() {
    assertThat(RepeatableBody.isRepeatable(FormBody.of("a", "b"))).isTrue();
    assertThat(RepeatableBody.isRepeatable(new Body.File(Path.of("x"), 0, 1))).isTrue();
    Body.Output output = out -> {};
    assertThat(RepeatableBody.isRepeatable(output)).isFalse();
  }
}
