package dev.runnel.http;

import java.util.Iterator;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Finds the JSON codec once. */
final class JsonCodecs {
  // Found again after a failure, as a static initializer could not be. Two threads may both look:
  // no harm.
  private static volatile @Nullable BodyCodec found;

  private JsonCodecs() {}

  static BodyCodec get() {
    BodyCodec codec = found;
    if (codec == null) {
      codec = find(JsonCodecs.class.getClassLoader());
      found = codec;
    }
    return codec;
  }

  /**
   * Looks where our own classes come from: the context class loader depends on which thread asks
   * first.
   */
  static BodyCodec find(ClassLoader loader) {
    Iterator<BodyCodec> providers = ServiceLoader.load(BodyCodec.class, loader).iterator();
    if (providers.hasNext()) {
      return providers.next();
    }
    if (hasJackson(loader)) {
      return new JacksonCodec();
    }
    throw new IllegalStateException(
        "no JSON codec: add the dependency com.fasterxml.jackson.core:jackson-databind, or provide"
            + " a dev.runnel.http.BodyCodec as a ServiceLoader service");
  }

  private static boolean hasJackson(ClassLoader loader) {
    try {
      Class.forName("com.fasterxml.jackson.databind.json.JsonMapper", false, loader);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
