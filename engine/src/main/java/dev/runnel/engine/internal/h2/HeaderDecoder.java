package dev.runnel.engine.internal.h2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import io.netty.handler.codec.http2.Http2Headers;

/** HPACK (RFC 7541) of one connection's received header blocks: Netty's decoder, our fields. */
final class HeaderDecoder {
  private final HeaderFields fields;
  private final DefaultHttp2HeadersDecoder decoder;

  /**
   * @param fields where the fields of each block go
   * @param listLimit size of a header list (RFC 9113 6.5.2) up to which it is kept
   */
  HeaderDecoder(HeaderFields fields, int listLimit) {
    this.fields = fields;
    this.decoder =
        new DefaultHttp2HeadersDecoder(false, listLimit) {
          @Override
          protected Http2Headers newHeaders() {
            return fields.begin();
          }
        };
  }

  /**
   * Decodes a whole block.
   *
   * @return whether the list kept the limit; if not, its fields are lost, but the state of HPACK is
   *     right
   */
  boolean decode(int stream, ByteBuf block) throws Http2Error {
    try {
      decoder.decodeHeaders(stream, block);
      return true;
    } catch (HeaderListSizeException e) {
      return false;
    } catch (Http2Exception e) {
      // Its message tells of buffers, which is nothing for a peer.
      throw Http2Error.connection(
          ErrorCode.COMPRESSION_ERROR, "a header block that HPACK cannot decode (RFC 7541)");
    }
  }

  HeaderFields fields() {
    return fields;
  }
}
