package dev.runnel.http;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A media type or a range of them (RFC 9110 8.3.1, 12.5.1), with its parameters. Immutable. Type,
 * subtype, parameter names and the value of {@code charset} are without case and kept in lower
 * case; other values are kept as they came. The order of the parameters does not count.
 */
public final class MediaType {
  /** {@code application/json}. */
  public static final MediaType JSON = new MediaType("application", "json", Map.of());

  /** {@code text/plain}, of any charset. */
  public static final MediaType TEXT = new MediaType("text", "plain", Map.of());

  /** {@code text/html}, of any charset. */
  public static final MediaType HTML = new MediaType("text", "html", Map.of());

  /** {@code application/x-www-form-urlencoded}. */
  public static final MediaType FORM =
      new MediaType("application", "x-www-form-urlencoded", Map.of());

  /** {@code application/octet-stream}: bytes of no known meaning. */
  public static final MediaType OCTET_STREAM =
      new MediaType("application", "octet-stream", Map.of());

  /** {@code application/problem+json} (RFC 9457). */
  public static final MediaType PROBLEM_JSON =
      new MediaType("application", "problem+json", Map.of());

  /** {@code application/x-ndjson}: one JSON document a line. */
  public static final MediaType NDJSON = new MediaType("application", "x-ndjson", Map.of());

  /** {@code text/event-stream}: Server-Sent Events. */
  public static final MediaType EVENT_STREAM = new MediaType("text", "event-stream", Map.of());

  private static final String CHARSET = "charset";
  private static final String WEIGHT = "q";

  private final String type;
  private final String subtype;
  private final Map<String, String> parameters;

  /** Takes over the map; everything without case is in lower case. */
  MediaType(String type, String subtype, Map<String, String> parameters) {
    this.type = type;
    this.subtype = subtype;
    this.parameters = parameters;
  }

  /**
   * The media type or range that the text spells. Of several parameters of one name the first
   * counts, as for browsers.
   *
   * @throws IllegalArgumentException if it does not follow RFC 9110 8.3.1
   */
  public static MediaType parse(String text) {
    MediaType parsed = new MediaTypeParser(text).parse();
    if (parsed == null) {
      throw new IllegalArgumentException(
          "media type must be like type/subtype; name=value (RFC 9110 8.3.1), but is "
              + Tokens.quote(text));
    }
    return parsed;
  }

  /**
   * What a file of this name usually is, to be sent as its Content-Type: text types say {@code
   * charset=utf-8}, unknown ones are {@code application/octet-stream}.
   */
  public static String ofFileName(Path file) {
    Path name = file.getFileName();
    return name == null ? OCTET_STREAM.toString() : FileTypes.ofName(name.toString());
  }

  /**
   * Whether the Accept field admits this media type with a weight above 0; true when there is no
   * Accept field.
   *
   * @throws IllegalArgumentException if the text is not a media type
   */
  public static boolean accepts(Headers headers, String mediaType) {
    MediaType offered = parse(mediaType);
    return quality(headers, offered) > 0;
  }

  /**
   * The weight, 0 to 1, that the Accept fields give to this media type: that of the most specific
   * range it lies in (RFC 9110 12.5.1), 0 when it lies in none, 1 when there is no Accept field.
   * Malformed members are ignored; where no other is left, it is as if there were no Accept field.
   */
  public static double quality(Headers headers, MediaType offered) {
    return Accept.of(headers).quality(offered);
  }

  /**
   * The media type that the Accept fields weigh highest, the earlier in the list among equals; null
   * when they admit none of them.
   */
  public static @Nullable MediaType best(Headers headers, List<MediaType> offered) {
    Accept accept = Accept.of(headers);
    MediaType best = null;
    double highest = 0;
    for (MediaType candidate : offered) {
      double quality = accept.quality(candidate);
      if (quality > highest) {
        best = candidate;
        highest = quality;
      }
    }
    return best;
  }

  /** The part before the slash, in lower case. */
  public String type() {
    return type;
  }

  /** The part behind the slash, in lower case. */
  public String subtype() {
    return subtype;
  }

  /** The value of a parameter, unquoted, or null. The name is compared without case. */
  public @Nullable String parameter(String name) {
    return parameters.get(name.toLowerCase(Locale.ROOT));
  }

  /**
   * The charset that is named, or null where none is.
   *
   * @throws HttpError 415 if this JVM does not know it
   */
  public @Nullable Charset charset() {
    String name = parameters.get(CHARSET);
    if (name == null) {
      return null;
    }
    try {
      return Charset.forName(name);
    } catch (IllegalArgumentException e) {
      throw new HttpError(
          Problem.of(
              Status.UNSUPPORTED_MEDIA_TYPE, "charset " + Tokens.quote(name) + " is not supported"),
          Headers.EMPTY,
          e);
    }
  }

  /**
   * This media type with one more parameter, or another value of it.
   *
   * @throws IllegalArgumentException if the name is not a token or the value has a control
   *     character
   */
  public MediaType with(String name, String value) {
    Tokens.requireToken(name, "media type parameter name");
    if (!MediaTypeParser.isQuotable(value)) {
      throw new IllegalArgumentException(
          "media type parameter '" + name + "' must not be " + Tokens.quote(value));
    }
    Map<String, String> more = new LinkedHashMap<>(parameters);
    String key = name.toLowerCase(Locale.ROOT);
    more.put(key, normalized(key, value));
    return new MediaType(type, subtype, more);
  }

  /**
   * Whether this lies in a range: of all types, of all subtypes or of one type, and every parameter
   * of the range is the same here. A weight ({@code q}) and what follows it belong to Accept, not
   * to the range. A charset counts only where both name one: {@code application/json;
   * charset=utf-8} is widely asked for although JSON has no such parameter.
   */
  public boolean matches(MediaType range) {
    if (!range.type.equals("*") && !range.type.equals(type)) {
      return false;
    }
    if (!range.subtype.equals("*") && !range.subtype.equals(subtype)) {
      return false;
    }
    return range.parameters.isEmpty() || hasParametersOf(range);
  }

  private boolean hasParametersOf(MediaType range) {
    for (Map.Entry<String, String> wanted : range.parameters.entrySet()) {
      String name = wanted.getKey();
      if (name.equals(WEIGHT)) {
        return true;
      }
      String value = parameters.get(name);
      boolean same = value == null ? name.equals(CHARSET) : value.equals(wanted.getValue());
      if (!same) {
        return false;
      }
    }
    return true;
  }

  /** The higher, the smaller the range: by type, by subtype, then by the number of parameters. */
  int specificity() {
    if (type.equals("*")) {
      return 0;
    }
    if (subtype.equals("*")) {
      return 1;
    }
    int specificity = 2;
    for (String name : parameters.keySet()) {
      if (name.equals(WEIGHT)) {
        break;
      }
      specificity++;
    }
    return specificity;
  }

  static String normalized(String parameter, String value) {
    return parameter.equals(CHARSET) ? value.toLowerCase(Locale.ROOT) : value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MediaType that
        && type.equals(that.type)
        && subtype.equals(that.subtype)
        && parameters.equals(that.parameters);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * type.hashCode() + subtype.hashCode()) + parameters.hashCode();
  }

  /** As in a Content-Type field; values are quoted where they must be. */
  @Override
  public String toString() {
    if (parameters.isEmpty()) {
      return type + '/' + subtype;
    }
    StringBuilder out = new StringBuilder(type).append('/').append(subtype);
    parameters.forEach(
        (name, value) -> {
          out.append("; ").append(name).append('=');
          out.append(Tokens.isToken(value) ? value : quoted(value));
        });
    return out.toString();
  }

  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
