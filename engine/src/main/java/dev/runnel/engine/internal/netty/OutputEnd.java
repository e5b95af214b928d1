package dev.runnel.engine.internal.netty;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Closes our half of a connection: that of TLS first where it is, then that of the socket. */
final class OutputEnd {
  private OutputEnd() {}

  /** The TLS next to the machine; a client has another one outside of it, to a proxy. */
  static @Nullable SslHandler innermost(Channel channel) {
    SslHandler found = null;
    for (Map.Entry<String, ChannelHandler> entry : channel.pipeline()) {
      if (entry.getValue() instanceof SslHandler tls) {
        found = tls;
      }
    }
    return found;
  }

  /** What comes is still decrypted, where the engine can do so after its last word. */
  static void close(Channel channel) {
    SslHandler tls = innermost(channel);
    SslHandler outer = channel.pipeline().get(SslHandler.class);
    if (tls == null || outer == null) {
      closeSocket(channel);
    } else if (tls == outer) {
      tls.closeOutbound().addListener(said -> closeSocket(channel));
    } else {
      tls.closeOutbound()
          .addListener(said -> outer.closeOutbound().addListener(last -> closeSocket(channel)));
    }
  }

  /**
   * What comes is only counted: TLS says its last word and leaves. BoringSSL's engine would take
   * its own close_notify for the end of both ways, and the connection would be closed under a
   * client in mid-upload.
   */
  static void closeAndLeaveTls(Channel channel) {
    SslHandler tls = channel.pipeline().get(SslHandler.class);
    if (tls == null) {
      closeSocket(channel);
    } else {
      // In turns of their own: TLS must not leave from within one of its calls.
      channel
          .eventLoop()
          .execute(
              () ->
                  tls.closeOutbound()
                      .addListener(
                          said -> channel.eventLoop().execute(() -> withoutTls(channel, tls))));
    }
  }

  private static void withoutTls(Channel channel, SslHandler tls) {
    closeSocket(channel);
    if (channel.pipeline().context(tls) != null) {
      channel.pipeline().remove(tls);
    }
  }

  private static void closeSocket(Channel channel) {
    if (channel instanceof DuplexChannel duplex) {
      duplex.shutdownOutput();
    } else {
      channel.close(); // in memory there is no half to close
    }
  }
}
