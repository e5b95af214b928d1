package dev.runnel.http;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What TLS agreed on for the connection of a request. Immutable, the same for all requests of a
 * connection.
 *
 * @param protocol {@code TLSv1.2} or {@code TLSv1.3}
 * @param cipher the cipher suite by its IANA name, such as {@code TLS_AES_128_GCM_SHA256}
 * @param serverName the host name that the client asked for (SNI, RFC 6066 3), in lower case; null
 *     if it sent none. It chose the certificate and says nothing about the request's authority
 * @param alpn the protocol agreed on (RFC 7301): {@code h2}, {@code http/1.1}; null if none was
 * @param peerCertificates the client's chain, its own certificate first; empty if it sent none. A
 *     chain that stands here was verified against the trusted certificates
 */
public record TlsInfo(
    String protocol,
    String cipher,
    @Nullable String serverName,
    @Nullable String alpn,
    List<X509Certificate> peerCertificates) {
  public TlsInfo {
    peerCertificates = List.copyOf(peerCertificates);
  }

  /** The client's own certificate, or null if it sent none. */
  public @Nullable X509Certificate peerCertificate() {
    return peerCertificates.isEmpty() ? null : peerCertificates.get(0);
  }
}
