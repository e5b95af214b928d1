package dev.runnel.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is expected and what came, in the words of JSON instead of Java. */
final class JacksonTypes {
  private static final int MAX_ENUM_NAMES = 20;

  private static final Map<Class<?>, String> SCALARS =
      Map.ofEntries(
          Map.entry(boolean.class, "true or false"),
          Map.entry(Boolean.class, "true or false"),
          Map.entry(byte.class, "an 8-bit integer"),
          Map.entry(Byte.class, "an 8-bit integer"),
          Map.entry(short.class, "a 16-bit integer"),
          Map.entry(Short.class, "a 16-bit integer"),
          Map.entry(int.class, "a 32-bit integer"),
          Map.entry(Integer.class, "a 32-bit integer"),
          Map.entry(long.class, "a 64-bit integer"),
          Map.entry(Long.class, "a 64-bit integer"),
          Map.entry(BigInteger.class, "an integer"),
          Map.entry(float.class, "a number"),
          Map.entry(Float.class, "a number"),
          Map.entry(double.class, "a number"),
          Map.entry(Double.class, "a number"),
          Map.entry(BigDecimal.class, "a number"),
          Map.entry(Number.class, "a number"),
          Map.entry(char.class, "a single character"),
          Map.entry(Character.class, "a single character"),
          Map.entry(String.class, "a string"),
          Map.entry(byte[].class, "a string in Base64"),
          Map.entry(UUID.class, "a UUID"),
          Map.entry(URI.class, "a URI"),
          Map.entry(URL.class, "a URL"),
          Map.entry(Date.class, "a date with a time"),
          Map.entry(Instant.class, "a time such as 2025-01-31T12:00:00Z"),
          Map.entry(OffsetDateTime.class, "a time such as 2025-01-31T12:00:00+01:00"),
          Map.entry(ZonedDateTime.class, "a time such as 2025-01-31T12:00:00+01:00"),
          Map.entry(LocalDateTime.class, "a time such as 2025-01-31T12:00:00"),
          Map.entry(LocalDate.class, "a date such as 2025-01-31"),
          Map.entry(LocalTime.class, "a time of day such as 12:00:00"),
          Map.entry(Duration.class, "a duration such as PT20S"));

  private JacksonTypes() {}

  /**
   * What a value of this type looks like in JSON, or null where there is nothing better to say than
   * "allowed".
   */
  static @Nullable String expected(ObjectMapper mapper, Class<?> type) {
    String scalar = SCALARS.get(type);
    if (scalar != null) {
      return scalar;
    }
    if (type.isEnum()) {
      return "one of " + constants(mapper, type.getEnumConstants());
    }
    if (type.isArray() || Collection.class.isAssignableFrom(type)) {
      return "an array";
    }
    boolean object = Map.class.isAssignableFrom(type) || !type.getName().startsWith("java.");
    return object ? "an object" : null;
  }

  /** As the mapper spells them, which need not be their names in Java. */
  private static String constants(ObjectMapper mapper, Object[] constants) {
    String names =
        Arrays.stream(constants)
            .limit(MAX_ENUM_NAMES)
            .map(constant -> mapper.valueToTree(constant).asText())
            .collect(Collectors.joining(", "));
    return constants.length > MAX_ENUM_NAMES ? names + ", …" : names;
  }

  /** What stands at the place of the failure, where something of this type was expected. */
  static String came(JacksonException failure, Class<?> type) {
    if (type == byte[].class && failure instanceof InvalidFormatException) {
      return "another string"; // the parser has decoded and dropped a part of it
    }
    if (!(failure.getProcessor() instanceof JsonParser parser) || parser.currentToken() == null) {
      return "missing";
    }
    JsonToken token = parser.currentToken();
    if (token == JsonToken.FIELD_NAME && failure instanceof InvalidFormatException format) {
      return "the name " + Tokens.quote(String.valueOf(format.getValue()));
    }
    try {
      return came(token, parser);
    } catch (IOException e) {
      return "malformed";
    }
  }

  private static String came(JsonToken token, JsonParser parser) throws IOException {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case END_OBJECT, END_ARRAY -> "missing";
      case VALUE_NULL -> "null";
      case VALUE_TRUE -> "true";
      case VALUE_FALSE -> "false";
      case VALUE_STRING -> "the string " + Tokens.quote(parser.getText());
      case FIELD_NAME -> "an object";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "the number " + cut(parser.getText());
      default -> "something else";
    };
  }

  private static String cut(String number) {
    return number.length() > 80 ? number.substring(0, 80) + "…" : number;
  }
}
