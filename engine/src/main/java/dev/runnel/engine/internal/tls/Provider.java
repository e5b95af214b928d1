package dev.runnel.engine.internal.tls;

import dev.runnel.engine.Tls;
import dev.runnel.engine.TlsException;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What encrypts: the JDK, or BoringSSL where its library is.
 *
 * @param name for the start-up line
 */
record Provider(SslProvider kind, String name) {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.server");

  static Provider of(Tls.Engine wanted) {
    return switch (wanted) {
      case JDK -> jdk();
      case BORINGSSL -> {
        if (!OpenSsl.isAvailable()) {
          throw new TlsException(
              "BoringSSL does not load ("
                  + OpenSsl.unavailabilityCause()
                  + "): put io.netty:netty-tcnative-boringssl-static with the classifier of this"
                  + " system on the class path, or use AUTO or JDK",
              OpenSsl.unavailabilityCause());
        }
        yield boringSsl();
      }
      case AUTO -> {
        if (OpenSsl.isAvailable()) {
          yield boringSsl();
        }
        warnIfBroken(OpenSsl.unavailabilityCause());
        yield jdk();
      }
    };
  }

  /** Whoever has it on the class path wants it; a slower server must not come as a surprise. */
  private static void warnIfBroken(Throwable cause) {
    if (!(cause instanceof ClassNotFoundException)) {
      LOG.warn(
          "BoringSSL (netty-tcnative) is on the class path but does not load here, so the JDK"
              + " encrypts: {}",
          String.valueOf(cause));
    }
  }

  boolean isNative() {
    return kind != SslProvider.JDK;
  }

  private static Provider jdk() {
    return new Provider(SslProvider.JDK, "JDK " + Runtime.version().feature());
  }

  private static Provider boringSsl() {
    return new Provider(
        SslProvider.OPENSSL, OpenSsl.versionString() + " (tcnative " + tcnative() + ")");
  }

  private static String tcnative() {
    String properties = "META-INF/maven/io.netty/netty-tcnative-classes/pom.properties";
    try (InputStream in = OpenSsl.class.getClassLoader().getResourceAsStream(properties)) {
      if (in != null) {
        Properties found = new Properties();
        found.load(in);
        return found.getProperty("version", "of unknown version");
      }
    } catch (IOException e) {
      LOG.debug("the version of tcnative cannot be read", e);
    }
    return "of unknown version"; // repackaged jars may lack it
  }
}
