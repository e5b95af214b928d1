package dev.runnel.transport;

import dev.runnel.engine.Tls;
import dev.runnel.engine.TlsCertificate;
import dev.runnel.engine.TlsTrust;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a client speaks TLS. Immutable, and only a description: files are read when the first
 * connection needs them. TLS 1.2 and 1.3 only, with authenticated encryption and ephemeral keys;
 * the server's certificate must be vouched for and name the host that was asked for (RFC 9110
 * 4.3.4).
 */
public final class ClientTls {
  /** What the JDK trusts, no certificate of our own, HTTP/2 preferred. */
  public static final ClientTls DEFAULT = builder().build();

  private final List<TlsTrust> trust;
  private final boolean trustsAnybody;
  private final @Nullable TlsCertificate identity;
  private final Tls.Profile profile;
  private final Tls.Engine engine;
  private final List<String> alpn;

  private ClientTls(Builder from) {
    trust = List.copyOf(from.trust);
    trustsAnybody = from.trustsAnybody;
    identity = from.identity;
    profile = from.profile;
    engine = from.engine;
    alpn = List.copyOf(from.alpn);
  }

  /** TLS to be set up. */
  public static Builder builder() {
    return new Builder();
  }

  /** What vouches for servers; empty is what the JDK trusts. */
  public List<TlsTrust> trust() {
    return trust;
  }

  /** Whether no certificate is checked at all. */
  public boolean trustsAnybody() {
    return trustsAnybody;
  }

  /** Our own certificate for servers that ask for one, or null. */
  public @Nullable TlsCertificate identity() {
    return identity;
  }

  /** Versions and ciphers. */
  public Tls.Profile profile() {
    return profile;
  }

  /** What encrypts. */
  public Tls.Engine engine() {
    return engine;
  }

  /** The protocols offered by ALPN, the preferred one first. */
  public List<String> alpn() {
    return alpn;
  }

  @Override
  public String toString() {
    return trustsAnybody ? "TLS without any check of the server" : "TLS";
  }

  /** TLS to be set up. Not safe for use by several threads. */
  public static final class Builder {
    private final List<TlsTrust> trust = new ArrayList<>();
    private boolean trustsAnybody;
    private @Nullable TlsCertificate identity;
    private Tls.Profile profile = Tls.Profile.INTERMEDIATE;
    private Tls.Engine engine = Tls.Engine.AUTO;
    private List<String> alpn = List.of("h2", "http/1.1");

    private Builder() {}

    /** Trusts the certificates of a PEM file, and not what the JDK trusts. */
    public Builder trust(Path pem) {
      return trust(new TlsTrust.PemFile(pem));
    }

    /** Trusts these certificates, and not what the JDK trusts. */
    public Builder trust(TlsTrust certificates) {
      trust.add(Objects.requireNonNull(certificates));
      return this;
    }

    /**
     * Checks neither the certificate nor the name in it: whoever stands between reads and changes
     * everything. For a test against a server of your own; a warning is logged once.
     */
    public Builder trustAnybodyInsecurely() {
      trustsAnybody = true;
      return this;
    }

    /** Shows this certificate to servers that ask for one. */
    public Builder identity(TlsCertificate certificate) {
      identity = Objects.requireNonNull(certificate);
      return this;
    }

    /** Shows the certificate of these PEM files to servers that ask for one. */
    public Builder identity(Path chain, Path key) {
      return identity(new TlsCertificate.PemFiles(chain, key, null));
    }

    /** Versions and ciphers. */
    public Builder profile(Tls.Profile value) {
      profile = Objects.requireNonNull(value);
      return this;
    }

    /** What encrypts: the JDK, or BoringSSL where it is on the class path. */
    public Builder engine(Tls.Engine value) {
      engine = Objects.requireNonNull(value);
      return this;
    }

    /**
     * The protocols offered by ALPN, the preferred one first; empty offers none.
     *
     * @throws IllegalArgumentException if one is neither {@code h2} nor {@code http/1.1}
     */
    public Builder alpn(String... protocols) {
      for (String protocol : protocols) {
        if (!protocol.equals("h2") && !protocol.equals("http/1.1")) {
          throw new IllegalArgumentException("not a protocol of this client: " + protocol);
        }
      }
      alpn = List.of(protocols);
      return this;
    }

    /** TLS as set up. */
    public ClientTls build() {
      return new ClientTls(this);
    }
  }
}
