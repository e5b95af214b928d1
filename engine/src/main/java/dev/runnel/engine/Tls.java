package dev.runnel.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How a place to listen on speaks TLS. Immutable, and only a description: files are read when the
 * server starts. TLS 1.2 and 1.3 only, with authenticated encryption and ephemeral keys only; a
 * client cannot renegotiate.
 *
 * <pre>
 *   Tls.pem(Path.of("chain.pem"), Path.of("key.pem"))
 *   Tls.devCertificate()
 *   Tls.builder().keyStore(Path.of("server.p12"), password).profile(Tls.Profile.MODERN).build()
 * </pre>
 */
public final class Tls {
  private final List<TlsCertificate> certificates;
  private final List<TlsTrust> trust;
  private final ClientAuth clientAuth;
  private final Profile profile;
  private final Engine engine;
  private final List<String> alpn;
  private final Duration reloadEvery;
  private final Duration sessionTimeout;

  private Tls(Builder from) {
    certificates = List.copyOf(from.certificates);
    trust = List.copyOf(from.trust);
    clientAuth = from.clientAuth;
    profile = from.profile;
    engine = from.engine;
    alpn = from.alpn;
    reloadEvery = from.reloadEvery;
    sessionTimeout = from.sessionTimeout;
  }

  /** TLS to be set up. */
  public static Builder builder() {
    return new Builder();
  }

  /** A PEM file with the chain, the server's own certificate first, and one with its key. */
  public static Tls pem(Path chain, Path key) {
    return builder().pem(chain, key).build();
  }

  /** A PKCS #12 or JKS file with one private key. */
  public static Tls keyStore(Path file, String password) {
    return builder().keyStore(file, password).build();
  }

  /**
   * A self-signed certificate for localhost, 127.0.0.1 and ::1, for development. It is made at the
   * first start and kept in the user's state directory, readable for the user only, so that a
   * browser needs to be told only once that it may be trusted. The log shows its fingerprint.
   */
  public static Tls devCertificate() {
    return builder().devCertificate().build();
  }

  /**
   * The certificates; the first one is used where no other fits the name that a client asks for.
   */
  public List<TlsCertificate> certificates() {
    return certificates;
  }

  /** What vouches for certificates of clients. */
  public List<TlsTrust> trust() {
    return trust;
  }

  /** Whether clients are asked for a certificate. */
  public ClientAuth clientAuth() {
    return clientAuth;
  }

  /** Versions and ciphers. */
  public Profile profile() {
    return profile;
  }

  /** What encrypts. */
  public Engine engine() {
    return engine;
  }

  /** The protocols offered by ALPN, the preferred one first. */
  public List<String> alpn() {
    return alpn;
  }

  /** How often files are looked at for a change; ZERO is never. */
  public Duration reloadEvery() {
    return reloadEvery;
  }

  /** How long a session can be resumed. */
  public Duration sessionTimeout() {
    return sessionTimeout;
  }

  @Override
  public String toString() {
    return "TLS with " + certificates;
  }

  /** Whether clients are asked for a certificate. */
  public enum ClientAuth {
    /** They are not asked. */
    NONE,
    /** They are asked; who has none gets in, who shows one that is not trusted does not. */
    WANTED,
    /** Who has no trusted certificate does not get in. */
    REQUIRED
  }

  /**
   * The configurations that Mozilla recommends (wiki.mozilla.org/Security/Server_Side_TLS, version
   * 5.7), of their ciphers those with ECDHE.
   */
  public enum Profile {
    /** TLS 1.2 and 1.3: for everybody. */
    INTERMEDIATE,
    /** TLS 1.3 only: for clients of our time. */
    MODERN
  }

  /** What encrypts. */
  public enum Engine {
    /** BoringSSL if its library is on the class path, else the JDK. */
    AUTO,
    /** The JDK: works everywhere. */
    JDK,
    /** BoringSSL through netty-tcnative-boringssl-static. */
    BORINGSSL
  }

  /** TLS to be set up. Not thread-safe. */
  public static final class Builder {
    private final List<TlsCertificate> certificates = new ArrayList<>();
    private final List<TlsTrust> trust = new ArrayList<>();
    private ClientAuth clientAuth = ClientAuth.NONE;
    private Profile profile = Profile.INTERMEDIATE;
    private Engine engine = Engine.AUTO;
    private List<String> alpn = List.of("h2", "http/1.1");
    private Duration reloadEvery = Duration.ofSeconds(10);
    private Duration sessionTimeout = Duration.ofHours(24);

    private Builder() {}

    /**
     * One more certificate. Which one a client gets depends on the name it asks for (SNI): the one
     * whose subject alternative names have it, else the one that has it under a wildcard for the
     * first label, else the first one added.
     */
    public Builder certificate(TlsCertificate value) {
      certificates.add(Objects.requireNonNull(value));
      return this;
    }

    /** One more certificate, from PEM files; see {@link TlsCertificate.PemFiles}. */
    public Builder pem(Path chain, Path key) {
      return certificate(new TlsCertificate.PemFiles(chain, key, null));
    }

    /** One more certificate, from PEM files with an encrypted key. */
    public Builder pem(Path chain, Path key, String password) {
      return certificate(new TlsCertificate.PemFiles(chain, key, Objects.requireNonNull(password)));
    }

    /** One more certificate, from PEM text. */
    public Builder pemText(String chain, String key) {
      return certificate(new TlsCertificate.PemText(chain, key, null));
    }

    /** One more certificate, from PEM text with an encrypted key. */
    public Builder pemText(String chain, String key, String password) {
      return certificate(new TlsCertificate.PemText(chain, key, Objects.requireNonNull(password)));
    }

    /** One more certificate, from a PKCS #12 or JKS file with one private key. */
    public Builder keyStore(Path file, String password) {
      return certificate(new TlsCertificate.Store(file, password, null));
    }

    /** One more certificate, from a PKCS #12 or JKS file. */
    public Builder keyStore(Path file, String password, String alias) {
      return certificate(new TlsCertificate.Store(file, password, Objects.requireNonNull(alias)));
    }

    /** One more certificate: that of {@link Tls#devCertificate()}. */
    public Builder devCertificate() {
      return certificate(new TlsCertificate.Development(null));
    }

    /** Whether clients are asked for a certificate; they are not unless set. */
    public Builder clientAuth(ClientAuth value) {
      clientAuth = Objects.requireNonNull(value);
      return this;
    }

    /** More certificates that vouch for those of clients. */
    public Builder trust(TlsTrust value) {
      trust.add(Objects.requireNonNull(value));
      return this;
    }

    /** More certificates that vouch for those of clients, from a PEM file. */
    public Builder trustPem(Path file) {
      return trust(new TlsTrust.PemFile(file));
    }

    /** More certificates that vouch for those of clients, from PEM text. */
    public Builder trustPemText(String certificates) {
      return trust(new TlsTrust.PemText(certificates));
    }

    /** More certificates that vouch for those of clients, from a PKCS #12 or JKS file. */
    public Builder trustStore(Path file, String password) {
      return trust(new TlsTrust.Store(file, password));
    }

    /** Versions and ciphers; {@link Profile#INTERMEDIATE} unless set. */
    public Builder profile(Profile value) {
      profile = Objects.requireNonNull(value);
      return this;
    }

    /** What encrypts; {@link Engine#AUTO} unless set. */
    public Builder engine(Engine value) {
      engine = Objects.requireNonNull(value);
      return this;
    }

    /**
     * The protocols offered by ALPN, the preferred one first; {@code h2} and {@code http/1.1}
     * unless set.
     *
     * @throws IllegalArgumentException if there is none, or one that the server does not speak
     */
    public Builder alpn(String... protocols) {
      List<String> offered = List.of(protocols);
      if (offered.isEmpty() || !List.of("h2", "http/1.1").containsAll(offered)) {
        throw new IllegalArgumentException(
            "ALPN protocols must be one or both of h2 and http/1.1, but are " + offered);
      }
      alpn = offered;
      return this;
    }

    /**
     * How often files are looked at for a change; 10 s unless set, ZERO is never. A change is taken
     * when it has stood for one more look, so that files are not read while they are written.
     */
    public Builder reloadEvery(Duration value) {
      if (value.isNegative()) {
        throw new IllegalArgumentException("reloadEvery must not be negative, but is " + value);
      }
      reloadEvery = value;
      return this;
    }

    /** How long a session can be resumed after its full handshake; 24 h unless set. */
    public Builder sessionTimeout(Duration value) {
      if (value.toSeconds() < 1 || value.toSeconds() > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("sessionTimeout must be at least 1 s, but is " + value);
      }
      sessionTimeout = value;
      return this;
    }

    /**
     * The description.
     *
     * @throws IllegalArgumentException if there is no certificate, or clients are asked for
     *     certificates that nothing vouches for, or the other way round
     */
    public Tls build() {
      if (certificates.isEmpty()) {
        throw new IllegalArgumentException(
            "TLS needs a certificate: pem(…), pemText(…), keyStore(…) or devCertificate()");
      }
      if (clientAuth != ClientAuth.NONE && trust.isEmpty()) {
        throw new IllegalArgumentException(
            "clientAuth "
                + clientAuth
                + " needs certificates that vouch for clients: trustPem(…) or trustStore(…)");
      }
      if (clientAuth == ClientAuth.NONE && !trust.isEmpty()) {
        throw new IllegalArgumentException(
            "trusted certificates are of no use while clients are not asked for theirs: set"
                + " clientAuth");
      }
      return new Tls(this);
    }
  }
}
