package dev.runnel.engine.internal.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runnel.engine.Limits;
import dev.runnel.engine.internal.link.LoopScratch;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.io.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one answer as a connection does: from a buffer to which bytes are added piece by piece. */
public final class AnswerReading {
  private final Method method;
  private final Limits limits;
  private final HeadReader<AnswerHead> heads;
  private final ByteBuf in = Unpooled.buffer();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final List<AnswerHead> informational = new ArrayList<>();
  private @Nullable AnswerHead head;
  private @Nullable BodyFraming framing;
  private @Nullable RejectedException rejection;

  private AnswerReading(Limits limits, Method method) {
    this.method = method;
    this.limits = limits;
    this.heads =
        new HeadReader<>(
            new ResponseParser(limits), new LoopScratch(Http1Loop.longestHead(limits)));
  }

  /** Reads the bytes in one piece. */
  public static AnswerReading whole(Limits limits, Method method, byte[] data) {
    return split(limits, method, data, data.length);
  }

  /** Reads the bytes in pieces that end at these indexes. */
  public static AnswerReading split(Limits limits, Method method, byte[] data, int... ends) {
    AnswerReading reading = new AnswerReading(limits, method);
    int from = 0;
    try {
      for (int end : ends) {
        reading.in.writeBytes(data, from, end - from);
        reading.heads.bufferChanged();
        reading.read();
        from = end;
      }
      // A patient reader may have left bytes unjudged that a line end would have had judged.
      reading.heads.judgeAll();
      reading.read();
    } catch (RejectedException e) {
      reading.rejection = e;
    }
    return reading;
  }

  private void read() throws RejectedException {
    while (head == null && in.isReadable()) {
      AnswerHead next = heads.next(in);
      if (next == null) {
        return;
      }
      if (next.code() < 200) {
        informational.add(next);
      } else {
        head = next;
        framing = next.framing(method, limits);
      }
    }
    if (framing != null) {
      for (Bytes piece = framing.next(in); piece != null; piece = framing.next(in)) {
        body.writeBytes(piece.toByteArray());
      }
    }
  }

  @Nullable RejectedException rejection() {
    return rejection;
  }

  @Nullable AnswerHead head() {
    return head;
  }

  Headers trailers() {
    return framing == null ? Headers.EMPTY : framing.trailers();
  }

  byte[] body() {
    return body.toByteArray();
  }

  boolean isDone() {
    return framing != null && (framing.ended() || framing.isUntilClose());
  }

  String property(String name) {
    AnswerHead read = head;
    if (name.equals("informational")) {
      return informational.stream().map(h -> String.valueOf(h.code())).toList().toString();
    }
    if (read == null || framing == null) {
      return "(no head)";
    }
    if (name.startsWith("header ")) {
      return String.join("|", read.head().headers().all(name.substring(7)));
    }
    if (name.startsWith("trailer ")) {
      return String.join("|", trailers().all(name.substring(8)));
    }
    return String.valueOf(
        switch (name) {
          case "status" -> read.code();
          case "version" -> read.version();
          case "fields" -> read.head().headers().size();
          case "length" -> read.contentLength();
          case "chunked" -> read.chunked();
          case "persistent" -> read.persistent();
          case "upgrade" -> read.upgrade();
          case "untilClose" -> framing.isUntilClose();
          case "body" -> body.toString(ISO_8859_1);
          case "trailers" -> trailers().size();
          case "done" -> isDone();
          case "rest" -> in.readableBytes();
          default -> throw new IllegalArgumentException(name);
        });
  }

  /** Everything that was read, as text to compare. */
  public String describe() {
    StringBuilder out = new StringBuilder();
    if (rejection != null) {
      out.append(rejection.violation()).append(": ").append(rejection.detail()).append('\n');
    }
    informational.forEach(interim -> describe(interim, out));
    if (head == null) {
      return out.append("no head").toString();
    }
    describe(head, out);
    out.append(body.toString(ISO_8859_1)).append('\n');
    trailers().forEach((name, value) -> out.append(name).append("; ").append(value).append('\n'));
    return out.append(isDone() ? "done, rest " + in.readableBytes() : "unfinished").toString();
  }

  private static void describe(AnswerHead head, StringBuilder out) {
    out.append(head.version()).append(' ').append(head.code());
    out.append(head.persistent() ? " persistent" : " last")
        .append(head.upgrade() ? " upgrade" : "");
    out.append(head.chunked() ? " chunked " : " ").append(head.contentLength()).append('\n');
    head.head()
        .headers()
        .forEach((name, value) -> out.append(name).append(": ").append(value).append('\n'));
  }
}
