package dev.runnel.engine.internal.h1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the first request of some bytes with Netty's decoder, at its defaults. */
final class NettyReading {
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private final StringBuilder trailers = new StringBuilder();
  private @Nullable HttpRequest head;
  private @Nullable Throwable failure;
  private boolean done;

  private NettyReading() {}

  static NettyReading of(byte[] data) {
    NettyReading reading = new NettyReading();
    EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
    channel.writeInbound(Unpooled.wrappedBuffer(data));
    for (HttpObject part = channel.readInbound(); part != null; part = channel.readInbound()) {
      reading.see(part);
      ReferenceCountUtil.release(part);
    }
    channel.finishAndReleaseAll();
    return reading;
  }

  private void see(HttpObject part) {
    if (done || failure != null) {
      return;
    }
    if (part.decoderResult().isFailure()) {
      failure = part.decoderResult().cause();
      return;
    }
    if (part instanceof HttpRequest request) {
      head = request;
    }
    if (part instanceof HttpContent content) {
      ByteBuf bytes = content.content();
      byte[] copy = new byte[bytes.readableBytes()];
      bytes.getBytes(bytes.readerIndex(), copy);
      body.writeBytes(copy);
    }
    if (part instanceof LastHttpContent last) {
      done = true;
      write(last.trailingHeaders(), "; ", trailers);
    }
  }

  private static void write(HttpHeaders headers, String between, StringBuilder out) {
    for (Map.Entry<String, String> field : headers) {
      out.append(field.getKey()).append(between).append(field.getValue()).append('\n');
    }
  }

  /** What Netty refused the bytes for, or null. */
  @Nullable Throwable failure() {
    return failure;
  }

  boolean hasHead() {
    return head != null;
  }

  boolean isDone() {
    return done;
  }

  byte[] body() {
    return body.toByteArray();
  }

  /** HTTP/1.2 is served as 1.1, and Netty hands it on as it came. */
  private static String version(HttpVersion version) {
    boolean higher = version.majorVersion() == 1 && version.minorVersion() > 1;
    return higher ? "HTTP/1.1" : version.text();
  }

  /** Head and trailers, in the form of {@link NettyDifferentialTest}. */
  String describe() {
    if (head == null) {
      return "no head";
    }
    StringBuilder out = new StringBuilder();
    out.append(head.method()).append(' ').append(head.uri()).append(' ');
    out.append(version(head.protocolVersion())).append('\n');
    write(head.headers(), ": ", out);
    return out.append(trailers).append(done ? "done" : "unfinished").toString();
  }
}
