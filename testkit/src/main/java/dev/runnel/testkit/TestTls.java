package dev.runnel.testkit;

import dev.runnel.engine.Tls;
import dev.runnel.engine.TlsTrust;
import dev.runnel.transport.ClientTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A certificate for localhost that everybody has the key of: good for tests and nothing else. */
final class TestTls {
  private TestTls() {}

  static Tls server() {
    return Tls.builder()
        .pemText(text("test-only-certificate.pem"), text("test-only-key.pem"))
        .engine(Tls.Engine.JDK)
        .build();
  }

  static ClientTls client() {
    return ClientTls.builder()
        .trust(new TlsTrust.PemText(text("test-only-certificate.pem")))
        .engine(Tls.Engine.JDK)
        .build();
  }

  private static String text(String name) {
    try (InputStream in = TestTls.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing in the jar of the testkit");
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
