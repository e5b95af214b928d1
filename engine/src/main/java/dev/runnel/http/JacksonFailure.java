package dev.runnel.http;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.PropertyBindingException;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says to a client why Jackson refused its document: the path, what was expected, what came.
 * Jackson's own messages name classes, methods and settings, so next to nothing of them gets out.
 */
final class JacksonFailure {
  private static final Pattern TELLS_OF_JACKSON =
      Pattern.compile("`|\\[Source|eature|[a-z]\\.[a-zA-Z]");

  private final ObjectMapper mapper;
  private final Class<?> type;
  private final IOException failure;

  JacksonFailure(ObjectMapper mapper, Class<?> type, IOException failure) {
    this.mapper = mapper;
    this.type = type;
    this.failure = failure;
  }

  /** The client's error as 400, ours as IllegalArgumentException. */
  RuntimeException toError() {
    HttpError thrownByType = cause(HttpError.class);
    if (thrownByType != null) {
      return thrownByType; // a constructor or setter that knows better
    }
    if (cause(InvalidDefinitionException.class) != null) {
      return new IllegalArgumentException(
          "cannot be decoded from JSON: a value of " + type.getName(), failure);
    }
    return new HttpError(Problem.of(Status.BAD_REQUEST, detail()), Headers.EMPTY, failure);
  }

  private String detail() {
    if (cause(StreamConstraintsException.class) != null) {
      return path() + " is nested too deep, or a name, string or number in it is too long";
    }
    InputCoercionException coercion = cause(InputCoercionException.class);
    if (coercion != null) {
      return mismatch(coercion, coercion.getTargetType());
    }
    StreamReadException syntax = cause(StreamReadException.class);
    if (syntax != null) {
      return syntaxError(syntax);
    }
    if (failure instanceof PropertyBindingException) {
      return path() + " is not expected";
    }
    if (failure instanceof InvalidTypeIdException) {
      return path() + " must name a known type";
    }
    if (failure instanceof MismatchedInputException mismatch) {
      return mismatch(mismatch, mismatch.getTargetType());
    }
    // A constructor or setter threw; what it says is not for the client.
    return failure instanceof JsonMappingException
        ? path() + " has a value that is not allowed"
        : "the document must be JSON in UTF-8, but is malformed";
  }

  private String mismatch(JacksonException mismatch, @Nullable Class<?> target) {
    Class<?> wanted = target != null ? target : isAtRoot() ? type : Object.class;
    String expected = JacksonTypes.expected(mapper, wanted);
    String came = JacksonTypes.came(mismatch, wanted);
    return expected == null || expected.equals(came)
        ? path() + " has a value that is not allowed: " + came
        : path() + " must be " + expected + ", but is " + came;
  }

  private String syntaxError(StreamReadException syntax) {
    JsonParser parser = syntax.getProcessor();
    String place = parser == null ? path() : JacksonPath.of(parser.getParsingContext());
    JsonLocation location = syntax.getLocation();
    String where = " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    if (syntax instanceof JsonEOFException) {
      String at = place.equals(JacksonPath.ROOT) ? "" : ", at " + place;
      return "the document must be complete, but ends too early" + at + where;
    }
    String message = syntax.getOriginalMessage();
    String reason = TELLS_OF_JACKSON.matcher(message).find() ? "" : ": " + message;
    return place + " must be JSON, but is malformed" + reason + where;
  }

  private String path() {
    return failure instanceof JsonMappingException mapping
        ? JacksonPath.of(mapping.getPath())
        : JacksonPath.ROOT;
  }

  private boolean isAtRoot() {
    return path().equals(JacksonPath.ROOT);
  }

  private <E extends Throwable> @Nullable E cause(Class<E> wanted) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (wanted.isInstance(t)) {
        return wanted.cast(t);
      }
    }
    return null;
  }
}
