package dev.runnel.engine.internal.tls;

import dev.runnel.engine.TlsCertificate;
import dev.runnel.engine.TlsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The development certificate: made by the JDK's own keytool in a process of its own, because the
 * JDK has no public API that signs certificates. Kept in a directory that only the user may read,
 * beside its public half as PEM for clients to trust.
 */
final class DevCertificate {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.server");

  static final String STORE = "localhost.p12";
  static final String PEM = "localhost.pem";

  /** What guards the file are its permissions; PKCS #12 wants a password all the same. */
  static final String PASSWORD = "runnel-development";

  private static final String ALIAS = "localhost";

  /** As long as browsers take certificates that a user trusts (825 days on Apple's systems). */
  private static final int DAYS = 825;

  /** One that ends sooner is replaced, so that it does not end in the middle of the work. */
  private static final Duration REST = Duration.ofDays(7);

  private static final long KEYTOOL_SECONDS = 60;

  private final Path directory;
  private final InstantSource clock;

  private DevCertificate(Path directory, InstantSource clock) {
    this.directory = directory;
    this.clock = clock;
  }

  static DevCertificate in(@Nullable Path directory, InstantSource clock) {
    return new DevCertificate(directory == null ? userState() : directory, clock);
  }

  /** Where it is, after making it if there is none yet, or none for much longer. */
  TlsCertificate.Store store() {
    Path file = directory.resolve(STORE);
    try {
      X509Certificate kept = Files.exists(file) ? certificate(file) : null;
      if (kept == null || endsSoon(kept)) {
        make(file);
        kept = certificate(file);
      }
      LOG.info(
          "development certificate for localhost, 127.0.0.1 and ::1, SHA-256 {}; clients may trust"
              + " {}",
          fingerprint(kept),
          directory.resolve(PEM));
      return new TlsCertificate.Store(file, PASSWORD, ALIAS);
    } catch (IOException | GeneralSecurityException e) {
      throw new TlsException(
          "development certificate "
              + file
              + " cannot be made or read: "
              + e.getMessage()
              + " (delete the file, or use a certificate of your own)",
          e);
    }
  }

  private boolean endsSoon(X509Certificate kept) {
    return clock.instant().plus(REST).isAfter(kept.getNotAfter().toInstant());
  }

  private static X509Certificate certificate(Path file)
      throws IOException, GeneralSecurityException {
    Certificate found =
        KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray()).getCertificate(ALIAS);
    if (found instanceof X509Certificate certificate) {
      return certificate;
    }
    throw new IOException("there is no entry '" + ALIAS + "' in it");
  }

  /**
   * Several processes may do so at once; the files are moved into place whole, the last one wins.
   */
  private void make(Path file) throws IOException, GeneralSecurityException {
    Files.createDirectories(directory, owner("rwx------"));
    Path work = Files.createTempDirectory(directory, "new", owner("rwx------"));
    try {
      Path made = work.resolve(STORE);
      keytool(made);
      if (owner("rw-------").length > 0) {
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rw-------"));
      }
      Path pem = work.resolve(PEM);
      Files.writeString(pem, pem(certificate(made)), StandardCharsets.US_ASCII);
      move(pem, directory.resolve(PEM));
      move(made, file);
    } finally {
      Files.deleteIfExists(work.resolve(STORE));
      Files.deleteIfExists(work.resolve(PEM));
      Files.delete(work);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void keytool(Path made) throws IOException {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    List<String> command =
        List.of(
            keytool.toString(),
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-sigalg",
            "SHA256withECDSA",
            "-validity",
            Integer.toString(DAYS),
            "-dname",
            "CN=localhost, O=Runnel development",
            "-ext",
            "SAN=DNS:localhost,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1",
            "-ext",
            "EKU=serverAuth",
            "-ext",
            "KU=digitalSignature",
            "-storetype",
            "PKCS12",
            "-keystore",
            made.toString(),
            "-storepass",
            PASSWORD,
            "-keypass",
            PASSWORD);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(keytool + " failed: " + said.strip().replaceAll("\\s+", " "));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + keytool + " worked", e);
    }
  }

  private static String pem(X509Certificate certificate) throws GeneralSecurityException {
    String data =
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
    return "-----BEGIN CERTIFICATE-----\n" + data + "\n-----END CERTIFICATE-----\n";
  }

  static String fingerprint(X509Certificate certificate) throws GeneralSecurityException {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
    return HexFormat.ofDelimiter(":").withUpperCase().formatHex(digest);
  }

  private static FileAttribute<?>[] owner(String permissions) {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0]; // a Windows profile is closed to others already
  }

  /** Where programs keep what should last between runs but is no document of the user's. */
  private static Path userState() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    Path home = Path.of(System.getProperty("user.home"));
    if (system.startsWith("windows")) {
      return environment("LOCALAPPDATA", home.resolve("AppData").resolve("Local"))
          .resolve("runnel");
    }
    if (system.startsWith("mac")) {
      return home.resolve("Library").resolve("Application Support").resolve("runnel");
    }
    return environment("XDG_STATE_HOME", home.resolve(".local").resolve("state")).resolve("runnel");
  }

  private static Path environment(String name, Path otherwise) {
    String value = System.getenv(name);
    return value == null || value.isEmpty() ? otherwise : Path.of(value);
  }
}
