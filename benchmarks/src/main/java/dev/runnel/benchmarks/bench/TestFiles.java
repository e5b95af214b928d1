package dev.runnel.benchmarks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Files that servers need: what is downloaded, and a certificate of RSA 2048 in the forms there
 * are.
 */
final class TestFiles {
  static final String DOWNLOAD = "download.bin";
  static final String CERT = "cert.pem";
  static final String KEY = "key.pem";
  static final String KEY_STORE = "cert.p12";
  private static final int DOWNLOAD_BYTES = 10 << 20;

  private TestFiles() {}

  static void make(Path folder) throws IOException, InterruptedException {
    Path download = folder.resolve(DOWNLOAD);
    // One that was cut short would be served as it is, and count for less.
    if (!Files.exists(download) || Files.size(download) != DOWNLOAD_BYTES) {
      Files.write(download, new byte[DOWNLOAD_BYTES]);
    }
    if (Files.exists(folder.resolve(KEY_STORE))) {
      return;
    }
    run(
        folder,
        ("openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -keyout key.pem"
                + " -out cert.pem")
            .split(" "));
    run(
        folder,
        ("openssl pkcs12 -export -in cert.pem -inkey key.pem -out cert.p12 -name bench -passout"
                + " pass:changeit")
            .split(" "));
  }

  private static void run(Path folder, String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.log").toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new IOException(
          List.of(command) + " failed: " + Files.readString(folder.resolve("openssl.log")));
    }
  }
}
