package dev.runnel.client;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.github.luben.zstd.util.Native;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content codings that can be undone here. Two of them take a library that an application may
 * leave out; whether it is there is found out once, when this class is loaded.
 */
final class Codings {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.client");

  private static final boolean BROTLI = works("brotli4j (br)", () -> BrotliProbe.works());
  private static final boolean ZSTD = works("zstd-jni (zstd)", () -> ZstdProbe.works());

  /** As browsers write it: who sends chooses, and they know this one. */
  static final String ACCEPTED = "gzip, deflate" + (BROTLI ? ", br" : "") + (ZSTD ? ", zstd" : "");

  private static final Map<String, Supplier<StreamDecoder>> DECODERS =
      Map.of(
          "gzip", GzipDecoder::new,
          "x-gzip", GzipDecoder::new,
          "deflate", DeflateDecoder::new);

  private Codings() {}

  /** What makes decoders of a coding, its name in lower case; null for one that is not known. */
  static @Nullable Supplier<StreamDecoder> decoder(String coding) {
    if (coding.equals("br")) {
      return BROTLI ? () -> new BrotliDecoder() : null;
    }
    if (coding.equals("zstd")) {
      return ZSTD ? () -> new ZstdDecoder() : null;
    }
    return DECODERS.get(coding);
  }

  /** A library that is missing, or whose native part is missing or broken, is no library. */
  static boolean works(String library, BooleanSupplier probe) {
    try {
      return probe.getAsBoolean();
    } catch (LinkageError | RuntimeException e) {
      LOG.debug("{} is not used: bodies in this coding are not asked for", library, e);
      return false;
    }
  }

  /** In a class of its own, which is loaded only within the probe. */
  private static final class BrotliProbe {
    static boolean works() {
      Brotli4jLoader.ensureAvailability();
      new BrotliDecoder().close();
      return true;
    }
  }

  private static final class ZstdProbe {
    static boolean works() {
      Native.load();
      new ZstdDecoder().close();
      return true;
    }
  }
}
