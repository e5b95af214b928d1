package dev.runnel.engine.internal.tls;

import dev.runnel.engine.TlsCertificate;
import dev.runnel.engine.TlsException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads certificates with their keys, and refuses those that no client would accept. */
final class IdentityLoader {
  private final InstantSource clock;

  /**
   * @param clock the wall clock: what is expired is so for our peers, whatever our loops think
   */
  IdentityLoader(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * Reads one.
   *
   * @throws TlsException with a line that names the file and the reason
   */
  Identity load(TlsCertificate from) {
    Identity identity;
    if (from instanceof TlsCertificate.PemFiles pem) {
      identity = files(pem);
    } else if (from instanceof TlsCertificate.PemText pem) {
      identity =
          pem(
              "PEM text of the certificate",
              pem.chain(),
              "PEM text of the key",
              pem.key(),
              pem.password());
    } else if (from instanceof TlsCertificate.Store store) {
      identity = store(store);
    } else {
      Path directory = ((TlsCertificate.Development) from).directory();
      identity = store(DevCertificate.in(directory, clock).store());
    }
    checkValid(identity);
    return identity;
  }

  private static Identity files(TlsCertificate.PemFiles pem) {
    String chain = read("certificate file " + pem.chain(), pem.chain());
    String key = read("key file " + pem.key(), pem.key());
    return pem(
        "certificate file " + pem.chain(), chain, "key file " + pem.key(), key, pem.password());
  }

  private static String read(String name, Path file) {
    try {
      return Sources.text(file);
    } catch (UnusableException e) {
      throw told(name, e);
    }
  }

  private static Identity pem(
      String chainName,
      String chainText,
      String keyName,
      String keyText,
      @Nullable String password) {
    List<X509Certificate> chain;
    try {
      chain = Sources.certificates(chainText);
    } catch (UnusableException e) {
      throw told(chainName, e);
    }
    try {
      PrivateKey key = PrivateKeys.read(keyText, password, chain.get(0).getPublicKey());
      checkMatch(key, chain.get(0), "in " + chainName);
      return new Identity(chainName, key, chain);
    } catch (UnusableException e) {
      throw told(keyName, e);
    }
  }

  private static void checkMatch(PrivateKey key, X509Certificate own, String where)
      throws UnusableException {
    if (!PrivateKeys.match(key, own.getPublicKey())) {
      throw new UnusableException(
          "does not match the first certificate "
              + where
              + " ("
              + own.getSubjectX500Principal()
              + "): the server's own must stand first");
    }
  }

  private static Identity store(TlsCertificate.Store from) {
    String name = "key store " + from.file();
    try {
      KeyStore store = Sources.store(from.file(), from.password());
      String wanted = from.alias();
      String alias = wanted == null ? onlyKey(store) : wanted;
      Key key = key(store, alias, from.password());
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate certificate : store.getCertificateChain(alias)) {
        chain.add((X509Certificate) certificate);
      }
      checkMatch((PrivateKey) key, chain.get(0), "of entry '" + alias + "'");
      return new Identity(name, (PrivateKey) key, chain);
    } catch (UnusableException e) {
      throw told(name, e);
    } catch (KeyStoreException e) {
      throw new TlsException(name + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static Key key(KeyStore store, String alias, String password)
      throws UnusableException, KeyStoreException {
    if (!store.isKeyEntry(alias)) {
      throw new UnusableException(
          "holds no private key under '" + alias + "', but under " + keys(store));
    }
    try {
      Key key = store.getKey(alias, password.toCharArray());
      if (key instanceof PrivateKey && store.getCertificateChain(alias) != null) {
        return key;
      }
      throw new UnusableException("holds a secret key under '" + alias + "', no private one");
    } catch (UnrecoverableKeyException e) {
      throw new UnusableException(
          "has a key under '" + alias + "' with another password than its own", e);
    } catch (GeneralSecurityException e) {
      throw new UnusableException("has a key that this JDK cannot read: " + e.getMessage(), e);
    }
  }

  private static String onlyKey(KeyStore store) throws KeyStoreException, UnusableException {
    List<String> keys = keys(store);
    if (keys.isEmpty()) {
      throw new UnusableException("holds no private key");
    }
    if (keys.size() > 1) {
      throw new UnusableException("holds several private keys: choose one of " + keys);
    }
    return keys.get(0);
  }

  private static List<String> keys(KeyStore store) throws KeyStoreException {
    List<String> keys = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias)) {
        keys.add(alias);
      }
    }
    Collections.sort(keys);
    return keys;
  }

  private void checkValid(Identity identity) {
    X509Certificate own = identity.certificate();
    Instant now = clock.instant();
    Instant from = own.getNotBefore().toInstant();
    Instant until = own.getNotAfter().toInstant();
    if (now.isAfter(until)) {
      throw new TlsException(
          identity.source() + ": the certificate expired at " + until + ": renew it", null);
    }
    if (now.isBefore(from)) {
      throw new TlsException(
          identity.source()
              + ": the certificate is not valid before "
              + from
              + ": wait until then, or check this machine's clock",
          null);
    }
  }

  static TlsException told(String name, UnusableException e) {
    return new TlsException(name + " " + e.getMessage(), e);
  }
}
