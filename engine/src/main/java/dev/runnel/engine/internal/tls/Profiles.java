package dev.runnel.engine.internal.tls;

import dev.runnel.engine.Tls;
import java.util.ArrayList;
import java.util.List;

/** Versions and cipher suites of the profiles, by their IANA names. */
final class Profiles {
  private static final List<String> TLS_1_3 =
      List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

  /** None of them is on the list that HTTP/2 forbids (RFC 9113 Appendix A). */
  private static final List<String> TLS_1_2 =
      List.of(
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private Profiles() {}

  static String[] versions(Tls.Profile profile) {
    return switch (profile) {
      case INTERMEDIATE -> new String[] {"TLSv1.3", "TLSv1.2"};
      case MODERN -> new String[] {"TLSv1.3"};
    };
  }

  static List<String> ciphers(Tls.Profile profile) {
    List<String> ciphers = new ArrayList<>(TLS_1_3);
    if (profile == Tls.Profile.INTERMEDIATE) {
      ciphers.addAll(TLS_1_2);
    }
    return ciphers;
  }
}
