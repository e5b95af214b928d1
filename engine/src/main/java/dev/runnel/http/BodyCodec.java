package dev.runnel.http;

/**
 * Turns values into documents and back. Register one of your own as a {@link
 * java.util.ServiceLoader} provider of this interface to replace {@link #json()}. Used from many
 * threads at a time.
 */
public interface BodyCodec {
  /**
   * The document of a value.
   *
   * @throws IllegalArgumentException if values of this type cannot be encoded
   */
  byte[] encode(Object value);

  /**
   * The value of a document.
   *
   * @throws HttpError 400 if the document is malformed or does not fit; its detail names the path
   *     in the document, what was expected and what came, and nothing of our classes
   * @throws IllegalArgumentException if values of this type cannot be decoded from any document
   */
  <T> T decode(byte[] document, Class<T> type);

  /**
   * The codec for JSON: a provider that {@link java.util.ServiceLoader} finds, else Jackson.
   *
   * @throws IllegalStateException if there is neither; the message names the dependency to add
   */
  static BodyCodec json() {
    return JsonCodecs.get();
  }
}
