package dev.runnel.engine;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a certificate chain and its private key come from. Read when the server starts and at each
 * reload, not before. No {@code toString} shows a key or a password.
 */
public sealed interface TlsCertificate {

  /**
   * Two PEM files (or one that holds both). The chain begins with the server's own certificate. The
   * key is {@code PRIVATE KEY}, {@code ENCRYPTED PRIVATE KEY} (both PKCS #8), {@code RSA PRIVATE
   * KEY} (PKCS #1) or {@code EC PRIVATE KEY} (SEC 1).
   *
   * @param password of an encrypted key, else null
   */
  record PemFiles(Path chain, Path key, @Nullable String password) implements TlsCertificate {
    public PemFiles {
      Objects.requireNonNull(chain);
      Objects.requireNonNull(key);
    }

    @Override
    public String toString() {
      return chain + " with " + key;
    }
  }

  /**
   * PEM as text, as it comes from the environment or a vault; otherwise like {@link PemFiles}.
   *
   * @param password of an encrypted key, else null
   */
  record PemText(String chain, String key, @Nullable String password) implements TlsCertificate {
    public PemText {
      Objects.requireNonNull(chain);
      Objects.requireNonNull(key);
    }

    @Override
    public String toString() {
      return "the PEM text";
    }
  }

  /**
   * A PKCS #12 or JKS file.
   *
   * @param password of the file and of the key in it
   * @param alias of the key; null where there is only one
   */
  record Store(Path file, String password, @Nullable String alias) implements TlsCertificate {
    public Store {
      Objects.requireNonNull(file);
      Objects.requireNonNull(password);
    }

    @Override
    public String toString() {
      return file + (alias == null ? "" : " entry '" + alias + "'");
    }
  }

  /**
   * A self-signed certificate for this machine, made by the JDK's keytool and kept.
   *
   * @param directory where it is kept; null is the user's state directory
   */
  record Development(@Nullable Path directory) implements TlsCertificate {
    @Override
    public String toString() {
      return "the development certificate";
    }
  }
}
