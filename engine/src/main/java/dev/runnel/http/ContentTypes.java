package dev.runnel.http;

import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** What Content-Type says. */
final class ContentTypes {
  private ContentTypes() {}

  /** The media type, or null if there is none or it is malformed. */
  static @Nullable MediaType mediaType(Headers headers) {
    String text = headers.get(HeaderNames.CONTENT_TYPE);
    if (text == null) {
      return null;
    }
    try {
      return MediaType.parse(text);
    } catch (IllegalArgumentException e) {
      return null; // whoever reads text takes it as it is
    }
  }

  /** The charset, or another if none is named or this JVM does not know it. */
  static Charset charset(Headers headers, Charset otherwise) {
    MediaType type = mediaType(headers);
    try {
      Charset named = type == null ? null : type.charset();
      return named == null ? otherwise : named;
    } catch (IllegalArgumentException | HttpError e) {
      return otherwise;
    }
  }
}
