package dev.runnel.engine.internal.h1;

import dev.runnel.engine.Limits;
import dev.runnel.http.Method;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Version;

/**
 * The head of an answer, and what it says about its body and its connection.
 *
 * @param head what the caller sees
 * @param contentLength the declared length, or -1
 * @param chunked whether the body is in chunks; there is no length then
 * @param persistent whether the server lets the connection live on: by default in HTTP/1.1, when it
 *     says so in HTTP/1.0 (RFC 9112 9.3)
 * @param upgrade whether it says {@code Connection: upgrade} and names a protocol
 */
record AnswerHead(
    ResponseHead head,
    Version version,
    long contentLength,
    boolean chunked,
    boolean persistent,
    boolean upgrade) {
  static AnswerHead of(ResponseHead head, Version version, AnswerFields fields) {
    boolean modern = version != Version.HTTP_1_0;
    return new AnswerHead(
        head,
        version,
        fields.contentLength(),
        fields.chunked(),
        !fields.closeRequested() && (modern || fields.keepAliveRequested()),
        fields.upgradeRequested() && modern);
  }

  int code() {
    return head.status().code();
  }

  /**
   * Where the body of the answer to a request of this method ends, rule by rule of RFC 9112 6.3.
   */
  BodyFraming framing(Method method, Limits limits) {
    if (method.equals(Method.HEAD) || head.status().forbidsBody()) {
      return BodyFraming.ofLength(0);
    }
    if (chunked) {
      return BodyFraming.chunked(limits);
    }
    return contentLength >= 0 ? BodyFraming.ofLength(contentLength) : BodyFraming.untilClose();
  }
}
