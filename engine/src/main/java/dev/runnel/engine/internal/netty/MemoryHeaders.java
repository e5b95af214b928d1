package dev.runnel.engine.internal.netty;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.ArrayList;
import java.util.List;

/** HPACK (RFC 7541) of one direction as a scripted peer reads it: nothing beyond it is checked. */
public final class MemoryHeaders {
  /** What a test may want to see of a list that is too long. */
  private static final long LONGEST = 16 << 20;

  private final List<String> found = new ArrayList<>();
  private final DefaultHttp2HeadersDecoder decoder =
      new DefaultHttp2HeadersDecoder(false, LONGEST) {
        @Override
        protected Http2Headers newHeaders() {
          return new Listing(found);
        }
      };

  /**
   * Names and values in turn, in the order of the block.
   *
   * @throws IllegalArgumentException if HPACK cannot decode the block
   */
  public List<String> decode(int stream, byte[] block) {
    found.clear();
    try {
      Http2Headers unused = decoder.decodeHeaders(stream, Unpooled.wrappedBuffer(block));
    } catch (Http2Exception e) {
      throw new IllegalArgumentException("HPACK cannot decode the block: " + e.getMessage(), e);
    }
    return List.copyOf(found);
  }

  /** Netty's own sorts pseudo-header fields to the front; where they stood is for a test to see. */
  @SuppressWarnings("serial") // a sink for Netty's decoder, never stored
  private static final class Listing extends DefaultHttp2Headers {
    private final List<String> found;

    Listing(List<String> found) {
      super(false);
      this.found = found;
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
      found.add(name.toString());
      found.add(value.toString());
      return this;
    }
  }
}
