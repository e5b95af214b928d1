package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonTextTest {
  static Stream<Arguments> documents() {
    return Stream.of(
        Arguments.of(null, "null"),
        Arguments.of(true, "true"),
        Arguments.of(-5, "-5"),
        Arguments.of(1.5, "1.5"),
        Arguments.of(Double.NaN, "null"),
        Arguments.of(Float.NEGATIVE_INFINITY, "null"),
        Arguments.of(new BigDecimal("1E+400"), "1E+400"),
        Arguments.of(BigInteger.TEN.pow(20), "100000000000000000000"),
        Arguments.of("", "\"\""),
        Arguments.of("a\"b\\c/", "\"a\\\"b\\\\c/\""),
        Arguments.of("\r\n\t\b\u0000\u007f", "\"\\r\\n\\t\\u0008\\u0000\\u007f\""),
        Arguments.of("\u2028\u2029", "\"\\u2028\\u2029\""),
        Arguments.of("ä€", "\"ä€\""),
        Arguments.of("\ud83d\ude00", "\"\\ud83d\\ude00\""),
        Arguments.of("lone \ud83d", "\"lone \\ud83d\""),
        Arguments.of(List.of(), "[]"),
        Arguments.of(Arrays.asList(1, null, List.of("a")), "[1,null,[\"a\"]]"),
        Arguments.of(Map.of(), "{}"),
        Arguments.of(Map.of("k\n", Map.of()), "{\"k\\n\":{}}"));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void writes(Object value, String expected) {
    assertThat(JsonText.write(value)).isEqualTo(expected);
  }

  @Test
  void keepsTheOrderOfMembers() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("b", 1);
    members.put("a", List.of(true));

    assertThat(JsonText.write(members)).isEqualTo("{\"b\":1,\"a\":[true]}");
  }

  @Test
  void anyTextSurvivesAnotherParser() throws Exception {
    ObjectMapper mapper = new ObjectMapper();
    Random random = new Random(4711);
    for (int round = 0; round < 500; round++) {
      String text =
          random
              .ints(random.nextInt(20), 0, Character.MAX_CODE_POINT + 1)
              .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      byte[] document = JsonText.write(Map.of("k", text)).getBytes(StandardCharsets.UTF_8);

      assertThat(mapper.readTree(document).get("k").textValue()).isEqualTo(text);
    }
  }
}
