package dev.runnel.engine.internal.tls;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The blocks of a PEM text (RFC 7468); text around them is ignored, as everybody does. */
final class Pem {
  // The labels are the same at both ends; what is between is matched lazily, in linear time.
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  /** A header line before the data, as RFC 1421 has them: they say that the data is encrypted. */
  private static final Pattern HEADER = Pattern.compile("(?m)^[A-Za-z-]+:.*$");

  private Pem() {}

  /**
   * A block.
   *
   * @param label between BEGIN and the dashes
   * @param data in Base64
   */
  record Block(String label, String data) {
    /** Whether it is encrypted in the way before PKCS #8, with a key made by MD5. */
    boolean isEncrypted() {
      return HEADER.matcher(data).find();
    }

    byte[] der() throws UnusableException {
      try {
        return Base64.getDecoder().decode(data.replaceAll("\\s", ""));
      } catch (IllegalArgumentException e) {
        throw new UnusableException("holds broken PEM under " + label + ": " + e.getMessage(), e);
      }
    }
  }

  /** All blocks, in order. */
  static List<Block> blocks(String text) {
    List<Block> blocks = new ArrayList<>();
    Matcher found = BLOCK.matcher(text);
    while (found.find()) {
      blocks.add(new Block(found.group(1), found.group(2)));
    }
    return blocks;
  }
}
