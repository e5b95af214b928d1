package dev.runnel.engine;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where the certificates come from that vouch for those of clients. Read like {@link
 * TlsCertificate}.
 */
public sealed interface TlsTrust {

  /** All certificates of a PEM file. */
  record PemFile(Path file) implements TlsTrust {
    public PemFile {
      Objects.requireNonNull(file);
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }

  /** All certificates of a PEM text. */
  record PemText(String certificates) implements TlsTrust {
    public PemText {
      Objects.requireNonNull(certificates);
    }

    @Override
    public String toString() {
      return "the PEM text of the trusted certificates";
    }
  }

  /** All trusted certificates of a PKCS #12 or JKS file. */
  record Store(Path file, String password) implements TlsTrust {
    public Store {
      Objects.requireNonNull(file);
      Objects.requireNonNull(password);
    }

    @Override
    public String toString() {
      return file.toString();
    }
  }
}
