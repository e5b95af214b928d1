package dev.runnel.benchmarks.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How each server is started. */
final class Commands {
  /** For a server without TLS. */
  static final int NO_PORT = 0;

  private static final String PROBE = "dev.runnel.peers.Probe";
  private static final List<String> FOLDERS = List.of("/usr/bin", "/usr/sbin", "/usr/local/bin");

  private Commands() {}

  /** The program of this name, or null. */
  static @Nullable Path program(String name) {
    return FOLDERS.stream()
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /** Written by the build of the server's module. */
  static Path classPathFile(Contender contender, Settings settings) {
    return module(contender, settings).resolve("target/classpath");
  }

  private static Path module(Contender contender, Settings settings) {
    return contender.where().isEmpty()
        ? settings.root()
        : settings.root().resolve("peers").resolve(contender.where());
  }

  static List<String> server(Contender contender, Settings settings, int port, int tlsPort)
      throws IOException {
    return switch (contender.kind()) {
      case JVM -> jvm(contender, settings, port, tlsPort);
      case NGINX -> nginx(settings, port, tlsPort);
      case H2O -> h2o(settings, port, tlsPort);
    };
  }

  private static List<String> jvm(Contender contender, Settings settings, int port, int tlsPort)
      throws IOException {
    Path out = settings.out();
    List<String> command = new ArrayList<>();
    command.add(settings.java().toString());
    command.addAll(Settings.JVM_FLAGS);
    command.add("-cp");
    command.add(
        String.join(
            ":",
            settings.root().resolve("peers/probe/target/classes").toString(),
            module(contender, settings).resolve("target/classes").toString(),
            Files.readString(classPathFile(contender, settings)).strip()));
    command.add("-Dbench.port=" + port);
    if (tlsPort != NO_PORT) {
      command.add("-Dbench.tlsPort=" + tlsPort);
    }
    command.add("-Dbench.cert=" + out.resolve(TestFiles.CERT));
    command.add("-Dbench.key=" + out.resolve(TestFiles.KEY));
    command.add("-Dbench.keystore=" + out.resolve(TestFiles.KEY_STORE));
    command.add("-Dbench.file=" + out.resolve(TestFiles.DOWNLOAD));
    command.add(PROBE);
    command.add(contender.mainClass());
    return command;
  }

  private static List<String> nginx(Settings settings, int port, int tlsPort) throws IOException {
    Path out = settings.out();
    Path config = out.resolve("nginx.conf");
    Files.writeString(
        config,
        """
        daemon off;
        master_process off;
        pid %1$s/nginx.pid;
        error_log %1$s/nginx.error.log;
        events { worker_connections 16384; }
        http {
          access_log off;
          keepalive_requests 1000000000;
          client_body_temp_path %1$s/nginx.tmp;
          proxy_temp_path %1$s/nginx.tmp;
          fastcgi_temp_path %1$s/nginx.tmp;
          uwsgi_temp_path %1$s/nginx.tmp;
          scgi_temp_path %1$s/nginx.tmp;
          ssl_certificate %1$s/cert.pem;
          ssl_certificate_key %1$s/key.pem;
          server {
            listen 127.0.0.1:%2$d;
            listen 127.0.0.1:%3$d ssl http2;
            location = /plaintext { default_type text/plain; return 200 "Hello, World!"; }
          }
        }
        """
            .formatted(out, port, tlsPort));
    return List.of(String.valueOf(program("nginx")), "-c", config.toString());
  }

  private static List<String> h2o(Settings settings, int port, int tlsPort) throws IOException {
    Path out = settings.out();
    Path root = out.resolve("h2o");
    Files.createDirectories(root);
    Files.writeString(root.resolve("plaintext"), "Hello, World!");
    Path config = out.resolve("h2o.conf");
    Files.writeString(
        config,
        """
        num-threads: 1
        listen: {host: 127.0.0.1, port: %2$d}
        listen: {host: 127.0.0.1, port: %3$d, ssl: {certificate-file: %1$s/cert.pem, key-file: %1$s/key.pem}}
        hosts:
          default:
            paths:
              /:
                file.dir: %1$s/h2o
                file.mime.setdefaulttype: text/plain
        """
            .formatted(out, port, tlsPort));
    return List.of(String.valueOf(program("h2o")), "-c", config.toString());
  }
}
