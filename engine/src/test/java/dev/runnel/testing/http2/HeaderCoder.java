package dev.runnel.testing.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import java.util.ArrayList;
import java.util.List;

/** HPACK by Netty, with the dynamic tables of one connection; checks nothing beyond RFC 7541. */
final class HeaderCoder implements AutoCloseable {
  private static final long NO_LIMIT = 16 << 20;

  private final InOrder decoder = new InOrder();
  private final DefaultHttp2HeadersEncoder encoder =
      new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE, true);

  List<Field> decode(int stream, byte[] block) {
    decoder.fields = new ArrayList<>();
    try {
      Http2Headers unused = decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block));
    } catch (Http2Exception e) {
      throw new AssertionError("a block that does not decode: " + e.getMessage(), e);
    }
    return decoder.fields;
  }

  /** Pseudo-header fields come first, wherever they stand in the list. */
  byte[] encode(int stream, List<Field> fields) {
    Http2Headers headers = new DefaultHttp2Headers(false);
    fields.forEach(f -> headers.add(f.name(), f.value()));
    ByteBuf out = Unpooled.buffer();
    try {
      encoder.encodeHeaders(stream, headers, out);
      byte[] block = new byte[out.readableBytes()];
      out.readBytes(block);
      return block;
    } catch (Http2Exception e) {
      throw new AssertionError("fields that do not encode: " + fields, e);
    } finally {
      out.release();
    }
  }

  /** What the other side may make of our decoder's table. */
  void decoderTable(long size) {
    try {
      decoder.maxHeaderTableSize(size);
    } catch (Http2Exception e) {
      throw new AssertionError("no such table size: " + size, e);
    }
  }

  /** What the other side allows our encoder. */
  void encoderTable(long size) {
    try {
      encoder.maxHeaderTableSize(size);
    } catch (Http2Exception e) {
      throw new AssertionError("no such table size: " + size, e);
    }
  }

  @Override
  public void close() {
    encoder.close();
  }

  /** Netty's own headers put pseudo-header fields first; what stood where is for us to judge. */
  private static final class InOrder extends DefaultHttp2HeadersDecoder {
    List<Field> fields = new ArrayList<>();

    InOrder() {
      super(false, NO_LIMIT);
    }

    @Override
    protected Http2Headers newHeaders() {
      return new DefaultHttp2Headers(false) {
        @Override
        public Http2Headers add(CharSequence name, CharSequence value) {
          fields.add(new Field(name.toString(), value.toString()));
          return super.add(name, value);
        }
      };
    }
  }
}
