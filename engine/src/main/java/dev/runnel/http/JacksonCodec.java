package dev.runnel.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * JSON by Jackson, with all modules that are there. Loaded only when Jackson is. Its own limits
 * hold: 1,000 levels, 20 million characters a string, 1,000 digits a number
 * (StreamReadConstraints).
 */
final class JacksonCodec implements BodyCodec {
  private final ObjectMapper mapper =
      JsonMapper.builder()
          .addModules(MapperBuilder.findModules(JacksonCodec.class.getClassLoader()))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          // Looked for below: Jackson's own complaint cannot be told from a value of a wrong type.
          .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  @Override
  public byte[] encode(Object value) {
    try {
      return mapper.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "cannot be encoded as JSON: a value of " + value.getClass().getName(), e);
    }
  }

  @Override
  public <T> T decode(byte[] document, Class<T> type) {
    try (JsonParser parser = mapper.createParser(document)) {
      return read(parser, type);
    } catch (IOException e) {
      throw new JacksonFailure(mapper, type, e).toError();
    }
  }

  /**
   * Explains failures before the parser is closed: only an open one knows what stands where it is.
   */
  private <T> T read(JsonParser parser, Class<T> type) {
    try {
      if (parser.nextToken() == null) {
        throw HttpError.badRequest("the document must be JSON, but is empty");
      }
      T value = mapper.readValue(parser, type);
      if (value == null) {
        throw HttpError.badRequest("the document must be a value, but is null");
      }
      if (parser.nextToken() != null) {
        throw HttpError.badRequest("the document must end behind its value, but goes on");
      }
      return value;
    } catch (IOException e) {
      throw new JacksonFailure(mapper, type, e).toError();
    }
  }
}
