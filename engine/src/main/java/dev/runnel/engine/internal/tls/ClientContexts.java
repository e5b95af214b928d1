package dev.runnel.engine.internal.tls;

import dev.runnel.engine.Blocking;
import dev.runnel.engine.TlsCertificate;
import dev.runnel.engine.TlsException;
import dev.runnel.transport.ClientTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What connections of a client take their engines from. Files are read when they are first needed,
 * on a thread that may block; a description that nobody has any more takes its contexts with it.
 * Sessions are resumed within a context. Safe from any thread.
 */
public final class ClientContexts {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.client");

  private final Blocking blocking;
  // By identity, as descriptions have no other equality. Guarded by this.
  private final Map<ClientTls, Map<Use, CompletableFuture<SslContext>>> known = new WeakHashMap<>();

  /**
   * @param blocking reads the files
   */
  public ClientContexts(Blocking blocking) {
    this.blocking = blocking;
  }

  /**
   * What a context is for.
   *
   * @param alpn the protocols offered; empty offers none
   * @param proxy whether the peer is a proxy, which is shown no certificate of ours and is checked
   *     even where the server behind it is not
   */
  public record Use(List<String> alpn, boolean proxy) {}

  /** The context; fails with a {@link TlsException} that names the file, and tries again then. */
  public synchronized CompletionStage<SslContext> find(ClientTls tls, Use use) {
    Map<Use, CompletableFuture<SslContext>> ofTls =
        known.computeIfAbsent(
            tls,
            fresh -> {
              warn(fresh);
              return new HashMap<>();
            });
    CompletableFuture<SslContext> found = ofTls.get(use);
    if (found == null || found.isCompletedExceptionally()) {
      found = load(tls, use);
      ofTls.put(use, found);
    }
    return found;
  }

  private static void warn(ClientTls tls) {
    if (tls.trustsAnybody()) {
      LOG.warn(
          "TLS without any check of the server (trustAnybodyInsecurely): whoever stands between"
              + " reads and changes everything");
    }
  }

  private CompletableFuture<SslContext> load(ClientTls tls, Use use) {
    CompletableFuture<SslContext> loading = new CompletableFuture<>();
    try {
      blocking.run(
          () -> context(tls, use),
          (context, error) -> {
            if (error == null) {
              loading.complete(context);
            } else {
              loading.completeExceptionally(error);
            }
          });
    } catch (RejectedExecutionException e) {
      loading.completeExceptionally(new TlsException("no thread to read certificates on", e));
    }
    return loading;
  }

  private static SslContext context(ClientTls tls, Use use) {
    Provider provider = Provider.of(tls.engine());
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(provider.kind())
            .protocols(Profiles.versions(tls.profile()))
            .ciphers(Profiles.ciphers(tls.profile()), SupportedCipherSuiteFilter.INSTANCE)
            .endpointIdentificationAlgorithm(null) // each engine is told, as it is told the name
            .trustManager(
                tls.trustsAnybody() && !use.proxy
                    ? new TrustAnybody()
                    : ServerTrust.of(TrustLoader.load(tls.trust())));
    if (!use.alpn.isEmpty()) {
      builder.applicationProtocolConfig(
          new ApplicationProtocolConfig(
              Protocol.ALPN,
              SelectorFailureBehavior.NO_ADVERTISE,
              SelectedListenerFailureBehavior.ACCEPT,
              use.alpn));
    }
    TlsCertificate own = tls.identity();
    if (own != null && !use.proxy) {
      Identity identity = new IdentityLoader(InstantSource.system()).load(own);
      builder.keyManager(identity.key(), identity.chain());
    }
    try {
      return builder.build();
    } catch (SSLException | IllegalArgumentException | LinkageError e) {
      throw new TlsException(
          "TLS of the client does not work with " + provider.name() + ": " + e, e);
    }
  }

  /**
   * An engine for one connection, which checks that the server is who it should be.
   *
   * @param name a host name or an address; it is asked for by SNI if it is a name (RFC 6066 3)
   * @throws IllegalArgumentException if it is a name that Java knows no certificates for, such as
   *     one with an underscore
   */
  public static SSLEngine engine(
      SslContext context, ByteBufAllocator allocator, String name, int port) {
    String host = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    SSLEngine engine = context.newEngine(allocator, host, port);
    try {
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      parameters.setServerNames(isAddress(host) ? List.of() : List.of(new SNIHostName(host)));
      engine.setSSLParameters(parameters);
      return engine;
    } catch (RuntimeException e) {
      ReferenceCountUtil.release(engine);
      throw e;
    }
  }

  /** Whether a host is an address, which is not asked for by SNI. */
  public static boolean isAddress(String host) {
    return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
  }
}
