package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.BodyCodec;
import dev.runnel.io.Bytes;

/** A value as a JSON document, for a request with {@link #MEDIA_TYPE}. */
public final class JsonBody {
  /** The Content-Type that goes with it. */
  public static final String MEDIA_TYPE = "application/json";

  private JsonBody() {}

  /**
   * The document, encoded now by {@link BodyCodec#json()}.
   *
   * @throws IllegalArgumentException if values of this type cannot be encoded
   * @throws IllegalStateException if there is no codec; the message names the dependency to add
   */
  public static Body of(Object value) {
    return new Body.Whole(Bytes.Unsafe.wrap(BodyCodec.json().encode(value)));
  }
}
