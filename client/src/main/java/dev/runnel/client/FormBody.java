package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.QueryParams;
import dev.runnel.io.Bytes;

/**
 * Fields of a form as {@code application/x-www-form-urlencoded} (WHATWG URL 5.2, in UTF-8), for a
 * request with {@link #MEDIA_TYPE}. Files take a {@link MultipartBody}.
 */
public final class FormBody {
  /** The Content-Type that goes with it. */
  public static final String MEDIA_TYPE = "application/x-www-form-urlencoded";

  private FormBody() {}

  /**
   * Names and values in turn, in this order; a name may come several times.
   *
   * @throws IllegalArgumentException if the last name has no value
   */
  public static Body of(String... namesAndValues) {
    return of(QueryParams.of(namesAndValues));
  }

  /** Names and values in their order. */
  public static Body of(QueryParams fields) {
    return new Body.Whole(Bytes.utf8(fields.encode()));
  }
}
