package dev.runnel.engine.internal.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runnel.engine.Limits;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one request with the parser and the decoder as a connection does: from bytes that become
 * visible piece by piece.
 */
public final class RequestReading {
  private final byte[] data;
  private final boolean patient;
  private final RequestParser parser;
  private final Limits limits;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int scanned;
  private int patience = -1;
  private @Nullable RequestHead head;
  private @Nullable ChunkedDecoder chunks;
  private @Nullable ByteBuf in;
  private @Nullable RejectedException rejection;
  private int headEnd;
  private boolean done;

  private RequestReading(RequestParser parser, Limits limits, byte[] data, boolean patient) {
    this.parser = parser;
    this.limits = limits;
    this.data = data;
    this.patient = patient;
  }

  /** Reads the bytes in one piece. */
  public static RequestReading whole(Limits limits, byte[] data) {
    return split(limits, data, false, data.length);
  }

  /**
   * Reads the bytes in pieces.
   *
   * @param patient whether the head is parsed only when that is {@linkplain
   *     RequestParser#worthParsing worth it}
   * @param ends where the pieces end, in ascending order; what lies behind the last one is never
   *     seen
   */
  public static RequestReading split(Limits limits, byte[] data, boolean patient, int... ends) {
    RequestReading reading = new RequestReading(new RequestParser(limits), limits, data, patient);
    try {
      for (int end : ends) {
        reading.see(end);
      }
      if (patient && ends.length > 0) {
        reading.lastLook(ends[ends.length - 1]);
      }
    } catch (RejectedException e) {
      reading.rejection = e;
    } finally {
      if (reading.in != null) {
        reading.in.release();
      }
    }
    return reading;
  }

  private void see(int until) throws RejectedException {
    if (head == null && (!patient || isWorthParsing(until))) {
      parse(until);
    }
    scanned = until;
    if (head != null && !done) {
      readBody(head, until);
    }
  }

  private boolean isWorthParsing(int until) {
    return patience < 0 || RequestParser.worthParsing(data, 0, scanned, until, patience);
  }

  /** A patient reader may have left bytes unjudged that a line end would have had judged. */
  private void lastLook(int until) throws RejectedException {
    if (head == null) {
      parse(until);
    }
  }

  private void parse(int until) throws RejectedException {
    int end = parser.parse(data, 0, until);
    if (end == RequestParser.NEED_MORE) {
      patience = parser.patience();
      return;
    }
    if (end <= 0 || end > until) {
      throw new AssertionError("the head ends at " + end + " of " + until);
    }
    headEnd = end;
    head = parser.head();
    if (head.chunked()) {
      chunks = new ChunkedDecoder(limits);
      in = Unpooled.wrappedBuffer(data).setIndex(end, end);
    }
  }

  private void readBody(RequestHead head, int until) throws RejectedException {
    if (chunks != null && in != null) {
      in.writerIndex(until);
      for (Bytes piece = chunks.next(in); piece != null; piece = chunks.next(in)) {
        body.writeBytes(piece.toByteArray());
      }
      if (!chunks.done() && in.isReadable()) {
        throw new AssertionError("the decoder left bytes that it did not understand");
      }
      done = chunks.done();
      return;
    }
    long length = Math.max(0, head.contentLength());
    int count = (int) Math.min(length, until - headEnd);
    body.reset();
    body.write(data, headEnd, count);
    done = count == length;
  }

  /** The rejection, or null. */
  public @Nullable RejectedException rejection() {
    return rejection;
  }

  /** The head if it was whole and good, even when the body was not; else null. */
  public @Nullable RequestHead head() {
    return head;
  }

  /** The body as far as it came. */
  public byte[] body() {
    return body.toByteArray();
  }

  /** The trailer section; empty when there was none. */
  public Headers trailers() {
    return chunks == null ? Headers.EMPTY : chunks.trailers();
  }

  /** Whether the request was read to its end. */
  public boolean isDone() {
    return done;
  }

  /** Where the request ends; only when it is done. */
  public int end() {
    return in == null ? headEnd + body.size() : in.readerIndex();
  }

  /** A property of a request that was read, by name; see the tables for the names. */
  public String property(String name) {
    RequestHead read = head;
    if (read == null) {
      return "(no head)";
    }
    if (name.startsWith("header ")) {
      return String.join("|", read.headers().all(name.substring(7)));
    }
    if (name.startsWith("trailer ")) {
      return String.join("|", trailers().all(name.substring(8)));
    }
    return String.valueOf(
        switch (name) {
          case "method" -> read.method();
          case "target" -> read.target();
          case "path" -> read.rawPath();
          case "query" -> read.rawQuery();
          case "version" -> read.version();
          case "scheme" -> read.scheme();
          case "authority" -> read.authority();
          case "fields" -> read.headers().size();
          case "length" -> read.contentLength();
          case "chunked" -> read.chunked();
          case "hasBody" -> read.hasBody();
          case "close" -> read.closeRequested();
          case "keepAlive" -> read.keepAliveRequested();
          case "persistent" -> read.persistent();
          case "expect" -> read.expectContinue();
          case "upgrade" -> read.upgradeRequested();
          case "body" -> body.toString(ISO_8859_1);
          case "trailers" -> trailers().size();
          case "done" -> done;
          case "rest" -> data.length - end();
          default -> throw new IllegalArgumentException(name);
        });
  }

  /** Everything that was read, as text to compare. */
  public String describe() {
    StringBuilder out = new StringBuilder();
    if (rejection != null) {
      out.append(rejection.violation()).append(": ").append(rejection.detail()).append('\n');
    }
    if (head == null) {
      return out.append("no head").toString();
    }
    String[] names = {
      "method",
      "target",
      "path",
      "query",
      "version",
      "scheme",
      "authority",
      "length",
      "chunked",
      "close",
      "keepAlive",
      "persistent",
      "expect",
      "upgrade",
      "done",
      "body"
    };
    for (String name : names) {
      out.append(name).append('=').append(property(name)).append('\n');
    }
    head.headers()
        .forEach((name, value) -> out.append(name).append(": ").append(value).append('\n'));
    trailers().forEach((name, value) -> out.append(name).append("; ").append(value).append('\n'));
    return out.append(done ? "end " + end() : "unfinished").toString();
  }
}
