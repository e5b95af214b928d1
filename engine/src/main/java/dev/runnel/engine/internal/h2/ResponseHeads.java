package dev.runnel.engine.internal.h2;

import dev.runnel.http.Headers;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;

/** Writes the header blocks of answers. */
final class ResponseHeads {
  /** No content-length is said. */
  static final long NO_LENGTH = -1;

  private ResponseHeads() {}

  /** The final head. */
  static void write(Http2Stream stream, ResponseHead head, long length, boolean end) {
    Http2Connection connection = stream.connection;
    HpackEncoder hpack = connection.hpack();
    byte[] block =
        connection.link().scratch().output(Frame.HEADER + HpackEncoder.most(head.headers()));
    hpack.begin(block, Frame.HEADER);
    hpack.status(head.status().code());
    if (!hpack.fields(head.headers())) {
      hpack.date(connection.context().date());
    }
    if (length >= 0) {
      hpack.contentLength(length);
    }
    connection.writer().headers(stream.id, block, hpack.end(), end);
    stream.sentHeaders(end);
  }

  /** An informational head (1xx). */
  static void informational(Http2Stream stream, Status status, Headers headers) {
    Http2Connection connection = stream.connection;
    HpackEncoder hpack = connection.hpack();
    byte[] block = connection.link().scratch().output(Frame.HEADER + HpackEncoder.most(headers));
    hpack.begin(block, Frame.HEADER);
    hpack.status(status.code());
    hpack.fields(headers);
    connection.writer().headers(stream.id, block, hpack.end(), false);
  }

  /** The promise of another answer (RFC 9113 8.4.1). */
  static void promise(Http2Stream stream, int promised, Http2Head head) {
    Http2Connection connection = stream.connection;
    HpackEncoder hpack = connection.hpack();
    int names = head.authority().length() + head.target().length() + 4;
    int most = Frame.HEADER + 4 + names + HpackEncoder.most(head.headers());
    byte[] block = connection.link().scratch().output(most);
    hpack.begin(block, Frame.HEADER + 4);
    hpack.request("GET", head.scheme(), head.authority(), head.target());
    hpack.fields(head.headers());
    connection.writer().pushPromise(stream.id, promised, block, hpack.end());
  }
}
