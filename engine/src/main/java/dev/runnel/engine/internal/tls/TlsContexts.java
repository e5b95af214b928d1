package dev.runnel.engine.internal.tls;

import dev.runnel.engine.Tls;
import dev.runnel.engine.TlsCertificate;
import dev.runnel.engine.TlsException;
import dev.runnel.engine.TlsTrust;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * What connections of one place take their engines from: a context for each certificate. A reload
 * puts new ones in the place of all at once; connections that are there keep theirs. Safe from any
 * thread.
 */
public final class TlsContexts {
  private final Tls tls;
  private final Set<String> spoken;
  private final Provider provider;
  private final IdentityLoader loader = new IdentityLoader(InstantSource.system());
  // Guarded by this, but for the first time.
  private FileStamps loaded;
  private FileStamps seen;
  private volatile ServerNames<SslContext> contexts;

  private TlsContexts(Tls tls, Set<String> spoken) {
    this.tls = tls;
    this.spoken = spoken;
    this.provider = Provider.of(tls.engine());
    this.loaded = FileStamps.of(files()); // before they are read: a change in between is one
    this.seen = loaded;
    this.contexts = load();
  }

  /**
   * Reads all files and tries a handshake with each certificate.
   *
   * @param spoken the ALPN protocols that the server has a machine for
   * @throws TlsException with a line that names the file and the reason
   */
  public static TlsContexts of(Tls tls, Set<String> spoken) {
    return new TlsContexts(tls, spoken);
  }

  /** The name and version of what encrypts. */
  public String engine() {
    return provider.name();
  }

  /** The description. */
  public Tls tls() {
    return tls;
  }

  /** The context for a host name in lower case, or for none. */
  public SslContext find(@Nullable String host) {
    return contexts.find(host);
  }

  /**
   * Reads all files again. If one cannot be used nothing changes.
   *
   * @throws TlsException with a line that names the file and the reason
   */
  public synchronized void reload() {
    loaded = FileStamps.of(files());
    contexts = load();
  }

  /**
   * Reads all files again if they have changed and stood still since the last look. A change that
   * cannot be used is told once.
   *
   * @return whether there are new contexts
   * @throws TlsException as {@link #reload()}
   */
  public synchronized boolean reloadIfChanged() {
    FileStamps now = FileStamps.of(files());
    boolean still = now.equals(seen);
    seen = now;
    if (!still || now.equals(loaded)) {
      return false;
    }
    reload();
    return true;
  }

  /** The files that this depends on. */
  public List<Path> files() {
    List<Path> files = new ArrayList<>();
    for (TlsCertificate certificate : tls.certificates()) {
      if (certificate instanceof TlsCertificate.PemFiles pem) {
        files.add(pem.chain());
        files.add(pem.key());
      } else if (certificate instanceof TlsCertificate.Store store) {
        files.add(store.file());
      }
    }
    for (TlsTrust trust : tls.trust()) {
      if (trust instanceof TlsTrust.PemFile pem) {
        files.add(pem.file());
      } else if (trust instanceof TlsTrust.Store store) {
        files.add(store.file());
      }
    }
    return files;
  }

  private ServerNames<SslContext> load() {
    List<X509Certificate> trusted = TrustLoader.load(tls.trust());
    Map<Identity, SslContext> all = new LinkedHashMap<>();
    for (TlsCertificate certificate : tls.certificates()) {
      Identity identity = loader.load(certificate);
      all.put(identity, context(identity, trusted));
    }
    ServerNames<SslContext> names = new ServerNames<>(all.values().iterator().next());
    all.forEach((identity, context) -> addNames(names, identity, context));
    return names;
  }

  private static void addNames(
      ServerNames<SslContext> names, Identity identity, SslContext context) {
    try {
      ServerNames.of(identity.certificate()).forEach(name -> names.add(name, context));
    } catch (UnusableException e) {
      throw IdentityLoader.told(identity.source(), e);
    }
  }

  private SslContext context(Identity identity, List<X509Certificate> trusted) {
    try {
      SslContextBuilder builder =
          SslContextBuilder.forServer(identity.key(), identity.chain())
              .sslProvider(provider.kind())
              .protocols(Profiles.versions(tls.profile()))
              .ciphers(Profiles.ciphers(tls.profile()), SupportedCipherSuiteFilter.INSTANCE)
              .applicationProtocolConfig(alpn())
              .sessionTimeout(tls.sessionTimeout().toSeconds())
              .clientAuth(ClientAuth.valueOf(clientAuth()));
      if (!trusted.isEmpty()) {
        builder.trustManager(trusted);
      }
      SslContext context = builder.build();
      TrialHandshake.run(context);
      return context;
    } catch (SSLException | IllegalArgumentException | LinkageError e) {
      throw new TlsException(
          identity
              + " does not work with "
              + provider.name()
              + ": "
              + e
              + (provider.isNative()
                  ? " (does the version of netty-tcnative belong to this Netty? Engine.JDK works"
                      + " without it)"
                  : ""),
          e);
    }
  }

  private String clientAuth() {
    return switch (tls.clientAuth()) {
      case NONE -> "NONE";
      case WANTED -> "OPTIONAL";
      case REQUIRED -> "REQUIRE";
    };
  }

  /** Both engines can do so: without a protocol in common it is HTTP/1.1, as without ALPN. */
  private ApplicationProtocolConfig alpn() {
    return new ApplicationProtocolConfig(
        Protocol.ALPN,
        SelectorFailureBehavior.NO_ADVERTISE,
        SelectedListenerFailureBehavior.ACCEPT,
        tls.alpn().stream().filter(spoken::contains).toList());
  }
}
