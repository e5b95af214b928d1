package dev.runnel.engine.internal.netty;

import dev.runnel.engine.internal.exchange.ServerConnection;
import dev.runnel.engine.internal.h1.Http1Connection;
import dev.runnel.engine.internal.tls.TlsContexts;
import dev.runnel.http.Status;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the first bytes of a connection to a place that speaks TLS: a ClientHello chooses the
 * certificate by its host name (RFC 6066 3), a request in clear is told that it is at the wrong
 * place. Time is kept by {@link Handshaking}.
 */
final class TlsDoor extends AbstractSniHandler<SslContext> {
  /** Those of browsers have 2 KiB with post-quantum keys; tickets with client chains add some. */
  private static final int LONGEST_HELLO = 16 << 10;

  /** Fragments of a hello have a head of five bytes each; more than double is no hello. */
  private static final int LONGEST_RECORDS = 2 * LONGEST_HELLO;

  private static final int RECORD_HANDSHAKE = 22;

  private final TlsContexts contexts;
  private final NettyLink link;
  private final ServerConnection connection;
  private boolean begun;

  TlsDoor(TlsContexts contexts, NettyLink link, ServerConnection connection) {
    super(LONGEST_HELLO, 0);
    this.contexts = contexts;
    this.link = link;
    this.connection = connection;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (!begun) {
      short first = in.getUnsignedByte(in.readerIndex());
      if (isText(first)) {
        refuse(ctx, in);
        return;
      }
      if (first != RECORD_HANDSHAKE) {
        in.skipBytes(in.readableBytes());
        throw new NotSslRecordException("neither TLS nor HTTP: first byte " + first);
      }
      begun = true;
    }
    super.decode(ctx, in, out);
    if (in.readableBytes() > LONGEST_RECORDS && !ctx.isRemoved()) {
      in.skipBytes(in.readableBytes());
      throw new TooLongFrameException("no ClientHello within " + LONGEST_RECORDS + " bytes");
    }
  }

  /** What an HTTP message can begin with: a token, or an empty line (RFC 9112 2.2 and 3). */
  private static boolean isText(short first) {
    return (first > ' ' && first < 0x7F) || first == '\r' || first == '\n';
  }

  private void refuse(ChannelHandlerContext ctx, ByteBuf in) {
    in.skipBytes(in.readableBytes());
    Http1Connection http = new Http1Connection(link, connection, link.services().http1);
    link.become(http);
    http.refuse(
        Status.BAD_REQUEST, "this port speaks TLS, but the request came in clear: use https");
    ctx.pipeline().remove(this);
  }

  @Override
  protected Future<SslContext> lookup(ChannelHandlerContext ctx, @Nullable String hostname) {
    return ctx.executor().newSucceededFuture(contexts.find(hostname));
  }

  @Override
  protected void onLookupComplete(
      ChannelHandlerContext ctx, @Nullable String hostname, Future<SslContext> found) {
    if (link.machine() instanceof Handshaking handshaking) {
      handshaking.asked(hostname);
    }
    SslHandler tls = handler(ctx, found.getNow());
    try {
      tls.setHandshakeTimeoutMillis(0); // the link's own deadline includes the hello
      ctx.pipeline().replace(this, null, tls);
    } catch (RuntimeException e) {
      ReferenceCountUtil.safeRelease(tls.engine());
      throw e;
    }
  }

  /** BoringSSL never renegotiates as a server; the JDK must be kept from it. */
  private static SslHandler handler(ChannelHandlerContext ctx, SslContext context) {
    return context instanceof JdkSslContext
        ? new FirmSslHandler(context.newEngine(ctx.alloc()))
        : context.newHandler(ctx.alloc());
  }
}
