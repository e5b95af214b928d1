package dev.runnel.engine.internal.tls;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/** Private keys in PEM. Messages are the second half of a line whose first half names the file. */
final class PrivateKeys {
  /** PBES2 (RFC 8018 6.2): what the key is encrypted with stands in the parameters. */
  private static final String PBES2 = "1.2.840.113549.1.5.13";

  private PrivateKeys() {}

  /**
   * The first private key of a PEM text.
   *
   * @param publicKey of the certificate, which tells the algorithm
   * @throws UnusableException if there is none, or it cannot be read
   */
  static PrivateKey read(String pem, @Nullable String password, PublicKey publicKey)
      throws UnusableException {
    Pem.Block block = keyBlock(pem);
    if (block.isEncrypted()) {
      throw new UnusableException(
          "holds a key encrypted in the old way, with MD5: convert it with 'openssl pkcs8 -topk8'");
    }
    byte[] pkcs8 =
        switch (block.label()) {
          case "ENCRYPTED PRIVATE KEY" -> decrypt(block.der(), password);
          case "RSA PRIVATE KEY" -> Der.wrapRsa(block.der());
          case "EC PRIVATE KEY" -> Der.wrapEc(publicKey.getEncoded(), block.der());
          default -> block.der();
        };
    return parse(pkcs8, publicKey);
  }

  private static Pem.Block keyBlock(String pem) throws UnusableException {
    for (Pem.Block block : Pem.blocks(pem)) {
      if (block.label().endsWith("PRIVATE KEY")) {
        return block;
      }
    }
    throw new UnusableException("holds no private key (no line '-----BEGIN PRIVATE KEY-----')");
  }

  private static byte[] decrypt(byte[] der, @Nullable String password) throws UnusableException {
    if (password == null) {
      throw new UnusableException("holds an encrypted key: give its password");
    }
    EncryptedPrivateKeyInfo info;
    Cipher cipher;
    try {
      info = new EncryptedPrivateKeyInfo(der);
      cipher = Cipher.getInstance(algorithm(info));
    } catch (IOException | GeneralSecurityException e) {
      throw new UnusableException(
          "holds a key encrypted in a way that this JDK does not know ("
              + e.getMessage()
              + "): use AES, as in 'openssl pkcs8 -topk8 -v2 aes-256-cbc'",
          e);
    }
    try {
      SecretKeyFactory keys = SecretKeyFactory.getInstance(algorithm(info));
      cipher.init(
          Cipher.DECRYPT_MODE,
          keys.generateSecret(new PBEKeySpec(password.toCharArray())),
          info.getAlgParameters());
      return info.getKeySpec(cipher).getEncoded();
    } catch (GeneralSecurityException e) {
      throw new UnusableException("cannot be decrypted: the password is wrong", e);
    }
  }

  private static String algorithm(EncryptedPrivateKeyInfo info) {
    AlgorithmParameters parameters = info.getAlgParameters();
    boolean pbes2 = PBES2.equals(info.getAlgName()) || "PBES2".equals(info.getAlgName());
    return pbes2 && parameters != null ? parameters.toString() : info.getAlgName();
  }

  private static PrivateKey parse(byte[] pkcs8, PublicKey publicKey) throws UnusableException {
    String expected = publicKey.getAlgorithm();
    try {
      return KeyFactory.getInstance(expected).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (NoSuchAlgorithmException | InvalidKeySpecException e) {
      for (String other : List.of("RSA", "EC", "EdDSA", "DSA")) {
        if (isOf(other, pkcs8)) {
          throw new UnusableException(
              "does not match the certificate: "
                  + other
                  + " key, but the"
                  + " certificate has one of type "
                  + expected,
              e);
        }
      }
      throw new UnusableException("holds no readable " + expected + " key: " + e.getMessage(), e);
    }
  }

  private static boolean isOf(String algorithm, byte[] pkcs8) {
    try {
      KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      return true;
    } catch (NoSuchAlgorithmException | InvalidKeySpecException e) {
      return false; // that is the question
    }
  }

  /** Whether what the one signs is what the other verifies. */
  static boolean match(PrivateKey privateKey, PublicKey publicKey) throws UnusableException {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
          default ->
              throw new UnusableException(
                  "has a key of type "
                      + publicKey.getAlgorithm()
                      + ", which TLS does not use: use EC or RSA");
        };
    byte[] challenge = new byte[32];
    new SecureRandom().nextBytes(challenge);
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(privateKey);
      signature.update(challenge);
      byte[] signed = signature.sign();
      signature.initVerify(publicKey);
      signature.update(challenge);
      return signature.verify(signed);
    } catch (InvalidKeyException | java.security.SignatureException e) {
      return false; // of another kind or curve
    } catch (NoSuchAlgorithmException e) {
      throw new UnusableException("has a key that this JDK cannot use: " + e.getMessage(), e);
    }
  }
}
