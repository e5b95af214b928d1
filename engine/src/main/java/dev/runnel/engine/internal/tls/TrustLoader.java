package dev.runnel.engine.internal.tls;

import dev.runnel.engine.TlsException;
import dev.runnel.engine.TlsTrust;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads the certificates that vouch for those of clients. */
final class TrustLoader {
  private TrustLoader() {}

  /**
   * Reads all.
   *
   * @throws TlsException with a line that names the file and the reason
   */
  static List<X509Certificate> load(List<TlsTrust> sources) {
    List<X509Certificate> all = new ArrayList<>();
    for (TlsTrust source : sources) {
      String name = "trusted certificates in " + source + ":";
      try {
        all.addAll(read(source));
      } catch (UnusableException e) {
        throw new TlsException(name + " it " + e.getMessage(), e);
      } catch (KeyStoreException e) {
        throw new TlsException(name + " cannot be read, " + e.getMessage(), e);
      }
    }
    return all;
  }

  private static List<X509Certificate> read(TlsTrust source)
      throws UnusableException, KeyStoreException {
    if (source instanceof TlsTrust.PemFile pem) {
      return Sources.certificates(Sources.text(pem.file()));
    }
    if (source instanceof TlsTrust.PemText pem) {
      return Sources.certificates(pem.certificates());
    }
    TlsTrust.Store store = (TlsTrust.Store) source;
    return certificates(store.file(), store.password());
  }

  private static List<X509Certificate> certificates(Path file, String password)
      throws UnusableException, KeyStoreException {
    KeyStore store = Sources.store(file, password);
    List<X509Certificate> found = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      Certificate certificate = store.getCertificate(alias);
      if (certificate instanceof X509Certificate x509) {
        found.add(x509);
      }
    }
    if (found.isEmpty()) {
      throw new UnusableException("holds no certificate");
    }
    return found;
  }
}
