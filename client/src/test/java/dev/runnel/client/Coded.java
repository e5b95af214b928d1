package dev.runnel.client;

import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.Zstd;
import dev.runnel.io.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Bodies in content codings, made by other people's encoders, and ways to cut them. */
final class Coded {
  static final List<String> CODINGS = List.of("gzip", "x-gzip", "deflate", "br", "zstd");

  private Coded() {}

  static byte[] encode(String coding, byte[] plain) {
    try {
      return switch (coding) {
        case "gzip", "x-gzip" -> through(plain, GZIPOutputStream::new);
        case "deflate" -> through(plain, DeflaterOutputStream::new);
        case "raw deflate" -> through(plain, Coded::raw);
        case "br" -> brotli(plain);
        case "zstd" -> Zstd.compress(plain);
        default -> throw new AssertionError(coding);
      };
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OutputStream raw(OutputStream out) {
    return new DeflaterOutputStream(out, new Deflater(6, true));
  }

  private static byte[] brotli(byte[] plain) throws IOException {
    if (!Codings.ACCEPTED.contains("br")) {
      throw new AssertionError("no brotli here");
    }
    return Encoder.compress(plain, new Encoder.Parameters().setQuality(5));
  }

  private interface Wrapping {
    OutputStream around(OutputStream out) throws IOException;
  }

  private static byte[] through(byte[] plain, Wrapping wrapping) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = wrapping.around(bytes)) {
      out.write(plain);
    }
    return bytes.toByteArray();
  }

  /** Text that compresses somewhat, as pages do. */
  static byte[] text(int length, long seed) {
    Random random = new Random(seed);
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] =
          i > 40 && random.nextInt(4) != 0
              ? text[i - 1 - random.nextInt(40)]
              : (byte) (' ' + random.nextInt(90));
    }
    return text;
  }

  static Bytes[] cut(byte[] whole, int... at) {
    Bytes all = Bytes.copyOf(whole);
    Bytes[] pieces = new Bytes[at.length + 1];
    int from = 0;
    for (int i = 0; i < at.length; i++) {
      pieces[i] = all.slice(from, at[i]);
      from = at[i];
    }
    pieces[at.length] = all.slice(from, whole.length);
    return pieces;
  }

  static Bytes[] cutAtRandom(byte[] whole, Random random, int largest) {
    List<Bytes> pieces = new ArrayList<>();
    Bytes all = Bytes.copyOf(whole);
    for (int from = 0; from < whole.length; ) {
      int until = Math.min(whole.length, from + 1 + random.nextInt(largest));
      pieces.add(all.slice(from, until));
      from = until;
    }
    return pieces.toArray(Bytes[]::new);
  }
}
