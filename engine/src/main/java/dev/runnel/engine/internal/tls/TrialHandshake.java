package dev.runnel.engine.internal.tls;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * One handshake in memory with a client of the JDK's. It finds at start what would else be found by
 * the first client: a native library that loads but does not fit, a key that no cipher can use.
 */
final class TrialHandshake {
  /** A handshake takes about ten; one that is not over by then never will be. */
  private static final int MAX_STEPS = 200;

  private final SSLEngine server;
  private final SSLEngine client;
  private final ByteBuffer toServer;
  private final ByteBuffer toClient;
  private final ByteBuffer nothing = ByteBuffer.allocate(0);
  private final ByteBuffer sink;

  private TrialHandshake(SSLEngine server, SSLEngine client) {
    this.server = server;
    this.client = client;
    int packet =
        2
            * Math.max(
                server.getSession().getPacketBufferSize(),
                client.getSession().getPacketBufferSize());
    this.toServer = ByteBuffer.allocate(packet);
    this.toClient = ByteBuffer.allocate(packet);
    this.sink = ByteBuffer.allocate(packet);
  }

  /**
   * Runs it.
   *
   * @throws SSLException if it fails
   * @throws LinkageError if the native library does not fit the classes
   */
  static void run(SslContext context) throws SSLException {
    SSLEngine server = context.newEngine(UnpooledByteBufAllocator.DEFAULT);
    try {
      server.setUseClientMode(false);
      server.setNeedClientAuth(false); // there is no client certificate to try with
      new TrialHandshake(server, clientEngine()).shake();
    } finally {
      ReferenceCountUtil.release(server);
    }
  }

  private static SSLEngine clientEngine() throws SSLException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Ourselves()}, null);
      SSLEngine client = context.createSSLEngine();
      client.setUseClientMode(true);
      return client;
    } catch (GeneralSecurityException e) {
      throw new SSLException("this JDK has no TLS client", e);
    }
  }

  private void shake() throws SSLException {
    client.beginHandshake();
    server.beginHandshake();
    for (int step = 0; step < MAX_STEPS; step++) {
      step(client, toServer, toClient);
      step(server, toClient, toServer);
      if (isOver(client) && isOver(server)) {
        return;
      }
    }
    throw new SSLException("the handshake does not come to an end");
  }

  private static boolean isOver(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
  }

  private void step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> {
        for (Runnable task = engine.getDelegatedTask(); task != null; ) {
          task.run();
          task = engine.getDelegatedTask();
        }
      }
      case NEED_WRAP -> engine.wrap(nothing, out);
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
        in.flip();
        sink.clear();
        engine.unwrap(in, sink);
        in.compact();
      }
      case FINISHED, NOT_HANDSHAKING -> {
        // waits for the other one
      }
    }
  }

  /** The only peer is the engine beside it; clients will have their own opinion. */
  private static final class Ourselves implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
