package dev.runnel.engine.internal.tls;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** The few DER values (X.690) that wrap an old private key into PKCS #8. */
final class Der {
  private static final int INTEGER = 0x02;
  private static final int OCTET_STRING = 0x04;
  private static final int SEQUENCE = 0x30;

  /** AlgorithmIdentifier of rsaEncryption (RFC 8017 A.1), with its NULL. */
  private static final byte[] RSA = {
    0x30, 0x0D, 0x06, 0x09, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 0x0D, 1, 1, 1, 5, 0
  };

  private Der() {}

  /** PrivateKeyInfo (RFC 5208 5) around an RSAPrivateKey. */
  static byte[] wrapRsa(byte[] key) {
    return wrap(RSA, key);
  }

  /**
   * PrivateKeyInfo around an ECPrivateKey (RFC 5915).
   *
   * @param publicKey the SubjectPublicKeyInfo of the certificate, whose algorithm says the curve
   */
  static byte[] wrapEc(byte[] publicKey, byte[] key) {
    return wrap(firstOf(publicKey), key);
  }

  private static byte[] wrap(byte[] algorithm, byte[] key) {
    ByteArrayOutputStream parts = new ByteArrayOutputStream();
    parts.writeBytes(value(INTEGER, new byte[1])); // version 0
    parts.writeBytes(algorithm);
    parts.writeBytes(value(OCTET_STRING, key));
    return value(SEQUENCE, parts.toByteArray());
  }

  /** The first value within a sequence. */
  private static byte[] firstOf(byte[] sequence) {
    int begin = contentAt(sequence, 0);
    int content = contentAt(sequence, begin);
    return Arrays.copyOfRange(sequence, begin, content + length(sequence, begin));
  }

  private static int contentAt(byte[] der, int at) {
    int first = der[at + 1] & 0xFF;
    return at + 2 + (first < 0x80 ? 0 : first & 0x7F);
  }

  private static int length(byte[] der, int at) {
    int first = der[at + 1] & 0xFF;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7F); i++) {
      length = (length << 8) | (der[at + 2 + i] & 0xFF);
    }
    return length;
  }

  private static byte[] value(int tag, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = content.length;
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82); // a key of 64 KiB is none
      out.write(length >> 8);
      out.write(length);
    }
    out.writeBytes(content);
    return out.toByteArray();
  }
}
