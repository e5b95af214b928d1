package dev.runnel.engine.internal.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads what certificates and keys are in, and says in words why it cannot. */
final class Sources {
  private Sources() {}

  static String text(Path file) throws UnusableException {
    try {
      // PEM is ASCII; anything else must not fail here, because the reason would be a wrong one.
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  static KeyStore store(Path file, String password) throws UnusableException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw unreadable(file, new NoSuchFileException(file.toString()));
    }
    try {
      return KeyStore.getInstance(file.toFile(), password.toCharArray());
    } catch (IOException e) {
      if (e.getCause() instanceof UnrecoverableKeyException) {
        throw new UnusableException("cannot be opened: the password is wrong", e);
      }
      throw new UnusableException("cannot be read: " + e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new UnusableException("is no PKCS #12 or JKS store: " + e.getMessage(), e);
    }
  }

  private static UnusableException unreadable(Path file, IOException e) {
    String why;
    if (Files.isDirectory(file)) {
      why = "is a directory";
    } else if (Files.notExists(file)) {
      why = "does not exist";
    } else if (e instanceof AccessDeniedException || !Files.isReadable(file)) {
      why = "may not be read by this user";
    } else {
      why = "cannot be read: " + e.getMessage();
    }
    return new UnusableException(why, e);
  }

  /** All certificates of a PEM text, in order; at least one. */
  static List<X509Certificate> certificates(String pem) throws UnusableException {
    List<X509Certificate> found = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Pem.Block block : Pem.blocks(pem)) {
        if (block.label().equals("CERTIFICATE")) {
          ByteArrayInputStream der = new ByteArrayInputStream(block.der());
          found.add((X509Certificate) factory.generateCertificate(der));
        }
      }
    } catch (CertificateException e) {
      throw new UnusableException("holds a broken certificate: " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new UnusableException("holds no certificate (no line '-----BEGIN CERTIFICATE-----')");
    }
    return found;
  }
}
