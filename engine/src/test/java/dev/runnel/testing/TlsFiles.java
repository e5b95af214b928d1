package dev.runnel.testing;

import dev.runnel.engine.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The certificates and keys of the tests, as files; what made them is make.sh beside them. */
public final class TlsFiles {
  /** The password of all that has one. */
  public static final String PASSWORD = "secret1";

  private static final Path DIRECTORY = directory();

  private TlsFiles() {}

  private static Path directory() {
    try {
      Path directory = Files.createTempDirectory("runnel-tls");
      directory.toFile().deleteOnExit();
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file of that name; not to be changed. */
  public static synchronized Path file(String name) {
    Path file = DIRECTORY.resolve(name);
    if (!Files.exists(file)) {
      try (InputStream in = TlsFiles.class.getResourceAsStream("tls/" + name)) {
        Files.copy(in, file);
        file.toFile().deleteOnExit();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return file;
  }

  /** What is in such a file. */
  public static String text(String name) {
    try {
      return Files.readString(file(name), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A server for localhost, signed by the CA. */
  public static Tls.Builder server() {
    return Tls.builder().pem(file("server.pem"), file("server.key"));
  }

  /** A client that trusts the CA and has no certificate. */
  public static SSLContext client() {
    return client(null);
  }

  /** A client that trusts the CA, with the certificate of this store. */
  public static SSLContext client(String store) {
    try {
      KeyManager[] own = null;
      if (store != null) {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store(store), PASSWORD.toCharArray());
        own = keys.getKeyManagers();
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(store("trust.p12"));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyStore store(String name) throws GeneralSecurityException {
    try {
      return KeyStore.getInstance(file(name).toFile(), PASSWORD.toCharArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
