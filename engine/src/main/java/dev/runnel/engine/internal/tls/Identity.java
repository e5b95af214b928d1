package dev.runnel.engine.internal.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate chain with its private key, checked.
 *
 * @param source what to call it in messages
 * @param chain the server's own certificate first
 */
record Identity(String source, PrivateKey key, List<X509Certificate> chain) {
  X509Certificate certificate() {
    return chain.get(0);
  }

  @Override
  public String toString() {
    return source + " (" + certificate().getSubjectX500Principal() + ")";
  }
}
