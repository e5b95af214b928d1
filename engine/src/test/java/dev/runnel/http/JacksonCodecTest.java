package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JacksonCodecTest {
  private final BodyCodec codec = new JacksonCodec();

  enum Size {
    @JsonProperty("s")
    SMALL,
    LARGE
  }

  record Item(String name, int count, Size size) {}

  record Order(UUID id, boolean paid, double price, List<Item> items, Map<String, Long> notes) {}

  record Adult(String name, int age) {
    Adult {
      Objects.requireNonNull(name, "secret of the constructor");
      if (age < 18) {
        throw new IllegalArgumentException("secret of the constructor");
      }
    }
  }

  record Picky(int n) {
    Picky {
      throw new HttpError(422, "n is never right: " + n);
    }
  }

  static class Bean {
    public int count;
    public byte[] blob = {};
    public List<List<Integer>> rows = List.of();
  }

  interface Shape {}

  private <T> T decode(String json, Class<T> type) {
    return codec.decode(json.getBytes(StandardCharsets.UTF_8), type);
  }

  private String refusal(String json, Class<?> type) {
    HttpError error = catchThrowableOfType(HttpError.class, () -> decode(json, type));
    assertThat(error).as("nothing was refused").isNotNull();
    assertThat(error.status()).isEqualTo(Status.BAD_REQUEST);
    return Objects.requireNonNull(error.problem().detail());
  }

  @Test
  void goesThereAndBack() {
    Item item = new Item("ä\"\n", -3, Size.SMALL);
    byte[] document = codec.encode(item);

    assertThat(new String(document, StandardCharsets.UTF_8))
        .isEqualTo("{\"name\":\"ä\\\"\\n\",\"count\":-3,\"size\":\"s\"}");
    assertThat(codec.decode(document, Item.class)).isEqualTo(item);
  }

  @Test
  void ignoresUnknownMembers() {
    assertThat(decode("{\"count\":1,\"new\":{\"a\":[1]}}", Item.class))
        .isEqualTo(new Item(null, 1, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"count\":\"abc\"} | count must be a 32-bit integer, but is the string \"abc\"",
        "{\"count\":{}} | count must be a 32-bit integer, but is an object",
        "{\"count\":[1]} | count must be a 32-bit integer, but is an array",
        "{\"count\":true} | count must be a 32-bit integer, but is true",
        "{\"count\":null} | count must be a 32-bit integer, but is null",
        "{} | count must be a 32-bit integer, but is missing",
        "{\"count\":99999999999} | count must be a 32-bit integer, but is the number 99999999999",
        "{\"name\":[],\"count\":1} | name must be a string, but is an array",
        "{\"name\":{},\"count\":1} | name must be a string, but is an object",
        "{\"count\":1,\"size\":\"XL\"} | size must be one of s, LARGE, but is the string \"XL\"",
        "[] | the document must be an object, but is an array",
        "3 | the document must be an object, but is the number 3",
        "\"x\" | the document must be an object, but is the string \"x\"",
        "null | the document must be a value, but is null",
        "'' | the document must be JSON, but is empty",
        "' ' | the document must be JSON, but is empty",
        "{\"count\":1} {} | the document must end behind its value, but goes on",
        "{\"count\":1}/**/ | the document must be JSON, but is malformed (line 1, *",
        "{\"count\":1}] | the document must be JSON, but is malformed*",
        "{\"count\":1 | the document must be complete, but ends too early, at count (line 1, *",
        "{\"count\": | the document must be complete, but ends too early, at count (line 1, *",
        "{\"count\":1,} | *must be JSON, but is malformed*(line 1, column *",
        "{'count':1} | *must be JSON, but is malformed*(line 1, column *",
        "{\"count\":01} | count must be JSON, but is malformed*",
        "{\"count\":NaN} | count must be JSON, but is malformed*",
        "{\"count\":1}// | *malformed*",
        "nonsense | the document must be JSON, but is malformed*",
      })
  void namesThePlaceAndTheReason(String json, String expected) {
    assertDetail(refusal(json, Item.class), expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"id\":\"x\"} | id must be a UUID, but is the string \"x\"",
        "{\"paid\":\"maybe\"} | paid must be true or false, but is the string \"maybe\"",
        "{\"price\":\"dear\"} | price must be a number, but is the string \"dear\"",
        "{\"items\":{}} | items must be an array, but is an object",
        "{\"items\":[{\"count\":1},{\"count\":\"x\"}]} "
            + "| items[1].count must be a 32-bit integer, but is the string \"x\"",
        "{\"items\":[{\"count\":1},7]} | items[1] must be an object, but is the number 7",
        "{\"items\":[{}]} | items[0].count must be a 32-bit integer, but is missing",
        "{\"items\":[{\"count\":1},{\"count\":]} | items[1].count must be JSON, but is malformed*",
        "{\"notes\":[]} | notes must be an object, but is an array",
        "{\"notes\":{\"a b\":\"x\"}} "
            + "| notes[\"a b\"] must be a 64-bit integer, but is the string \"x\"",
      })
  void namesDeepPlaces(String json, String expected) {
    assertDetail(refusal(json, Order.class), expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"rows\":[[1,2],[3,\"x\"]]} | rows[1][1] must be a 32-bit integer, but is the string"
            + " \"x\"",
        "{\"blob\":\"%\"} | blob must be a string in Base64, but is another string",
        "{\"rows\":[1]} | rows[0] must be an array, but is the number 1",
        "{\"count\":null} | count must be a 32-bit integer, but is null",
      })
  void namesPlacesInBeans(String json, String expected) {
    assertDetail(refusal(json, Bean.class), expected);
  }

  @Test
  void lineBreaksInTextAreMalformed() {
    assertDetail(
        refusal("{\n\"name\":\"a\nb\"}", Item.class),
        "name must be JSON, but is malformed*(line 2, column *");
  }

  private static void assertDetail(String detail, String expected) {
    assertThat(detail).matches("\\Q" + expected.replace("*", "\\E[\\s\\S]*\\Q") + "\\E");
    assertTellsNothing(detail);
  }

  private static void assertTellsNothing(String detail) {
    assertThat(detail)
        .doesNotContain("java.", "dev.runnel", "com.fasterxml", "Jackson", "Feature", "`", "$");
  }

  @Test
  void whatAConstructorRefusesIsTheClientsError() {
    String young = refusal("[{\"name\":\"a\",\"age\":3}]", Adult[].class);

    assertThat(young).isEqualTo("[0] has a value that is not allowed");
    assertThat(refusal("{\"age\":30}", Adult.class))
        .isEqualTo("the document has a value that is not allowed");
  }

  @Test
  void aConstructorMayAnswerItself() {
    HttpError error = catchThrowableOfType(HttpError.class, () -> decode("{\"n\":1}", Picky.class));

    assertThat(error.status().code()).isEqualTo(422);
    assertThat(error.problem().detail()).isEqualTo("n is never right: 1");
  }

  @ParameterizedTest
  @ValueSource(classes = {Shape.class, Supplier.class, OutputStream.class})
  void typesThatCannotBeDecodedAreOurError(Class<?> type) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> decode("{}", type))
        .withMessageContaining(type.getName());
  }

  @Test
  void valuesThatCannotBeEncodedAreOurError() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.encode(new Object()))
        .withMessageContaining("java.lang.Object");
  }

  @Test
  void decodesBareValues() {
    assertThat(decode(" [1,2] ", int[].class)).containsExactly(1, 2);
    assertThat(decode("\"x\"", String.class)).isEqualTo("x");
    assertThat(decode("7", int.class)).isEqualTo(7);
    assertThat(refusal("null", int.class))
        .isEqualTo("the document must be a 32-bit integer, but is null");
  }

  @Test
  void refusesHostileDocuments() {
    String deep = "{\"rows\":" + "[".repeat(100_000);
    String nested = "{\"a\":".repeat(500) + "1}";

    assertThat(refusal(deep, Object.class)).contains("nested too deep").endsWith("too long");
    assertThat(refusal(deep, Object.class).length()).isLessThan(200);
    assertThat(refusal(nested, Object.class).length()).isLessThan(400);
    assertThat(refusal("{\"" + "k".repeat(100_000) + "\":", Object.class).length()).isLessThan(400);
    assertThat(refusal("{\"count\":\"" + "x".repeat(100_000) + "\"}", Item.class).length())
        .isLessThan(400);
    assertTellsNothing(refusal("{\"count\":" + "9".repeat(2_000) + "}", Item.class));
    assertTellsNothing(refusal(deep, Object.class));
  }

  @Test
  void refusesMalformedUtf8() {
    byte[] latin = "{\"name\":\"\u00e4\"}".getBytes(StandardCharsets.ISO_8859_1);
    HttpError error = catchThrowableOfType(HttpError.class, () -> codec.decode(latin, Item.class));

    assertThat(error.problem().detail()).startsWith("name must be JSON, but is malformed");
    assertTellsNothing(Objects.requireNonNull(error.problem().detail()));
  }

  /** Whatever bytes come: a value or a 400 that tells nothing of us. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void damagedDocumentsAreReadOrRefused(long seed) {
    byte[] sound =
        ("{\"id\":\"c0ffee00-0000-4000-8000-000000000000\",\"paid\":true,\"price\":1.5,"
                + "\"items\":[{\"name\":\"a\",\"count\":1,\"size\":\"s\"}],\"notes\":{\"k\":1}}")
            .getBytes(StandardCharsets.UTF_8);
    Random random = new Random(seed);
    for (int round = 0; round < 3000; round++) {
      byte[] damaged = sound.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        codec.decode(damaged, Order.class);
      } catch (HttpError refused) {
        assertThat(refused.status()).isEqualTo(Status.BAD_REQUEST);
        assertThat(refused.problem().detail())
            .doesNotContain("java.", "dev.runnel", "com.fasterxml", "Feature");
      }
    }
  }
}
