package dev.runnel.conformance.client.foreign;

import dev.runnel.testing.TlsFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** nginx with a port for HTTP/1.1, one for HTTP/2 with prior knowledge, and one for TLS. */
final class Nginx implements AutoCloseable {
  private static final String CONFIGURATION =
      """
      USER
      daemon off;
      worker_processes 2;
      pid DIR/pid;
      error_log DIR/error.log warn;
      events { worker_connections 512; }
      http {
        access_log off;
        default_type application/octet-stream;
        types { text/plain txt; text/html html; }
        client_body_temp_path DIR/tmp-body;
        proxy_temp_path DIR/tmp-proxy;
        fastcgi_temp_path DIR/tmp-fastcgi;
        uwsgi_temp_path DIR/tmp-uwsgi;
        scgi_temp_path DIR/tmp-scgi;
        keepalive_requests 100;
        gzip on;
        gzip_types text/plain;
        gzip_min_length 1000;
        ssl_certificate CERT;
        ssl_certificate_key KEY;
        server {
          listen 127.0.0.1:PLAIN;
          listen 127.0.0.1:CLEAR2 http2;
          listen 127.0.0.1:SECURE ssl http2;
          root DIR/htdocs;
          client_max_body_size 1m;
          location = /connection { return 200 "$connection $connection_requests"; }
          location = /short-lived { keepalive_requests 7; return 200 "short"; }
          location = /one-by-one { return 200 "one"; }
          location /unknown-length/ {
            alias DIR/htdocs/;
            gzip off;
            sub_filter_types text/plain;
            sub_filter "line 7\\n" "LINE 7\\n";
          }
          location /stored/ {
            client_max_body_size 64m;
            dav_methods PUT DELETE;
            create_full_put_path on;
          }
          location /limited/ {
            dav_methods PUT;
          }
          location = /elsewhere { return 307 /small.txt; }
          location = /secret {
            if ($http_authorization != "Basic YW5uOnNlY3JldA==") { return 401 "who?"; }
            return 200 "hello Ann";
          }
        }
      }
      """;

  private final int plain = Program.freePort();
  private final int clear2 = Program.freePort();
  private final int secure = Program.freePort();
  private final Path directory = Program.workplace("nginx");
  private final Path program;
  private final Program running;
  final Site site = new Site(directory);

  Nginx() {
    program = Program.require("nginx", "nginx-light");
    String root = System.getProperty("user.name").equals("root") ? "user root;" : "";
    String text =
        CONFIGURATION
            .replace("USER", root)
            .replace("DIR", directory.toString())
            .replace("CERT", TlsFiles.file("server.pem").toString())
            .replace("KEY", TlsFiles.file("server.key").toString())
            .replace("PLAIN", "" + plain)
            .replace("CLEAR2", "" + clear2)
            .replace("SECURE", "" + secure);
    try {
      Files.writeString(directory.resolve("nginx.conf"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    running = Program.start(directory, command(), plain, clear2, secure);
  }

  private List<String> command(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                program.toString(),
                "-p",
                directory.toString(),
                "-c",
                directory.resolve("nginx.conf").toString(),
                "-e",
                directory.resolve("error.log").toString()));
    all.addAll(List.of(more));
    return all;
  }

  /** New workers; the old ones end their connections in good order. */
  void reload() {
    Program.run(directory, command("-s", "reload"));
  }

  String url(Way way, String path) {
    int port = way.isTls() ? secure : way == Way.HTTP_2 ? clear2 : plain;
    return way.scheme + "://localhost:" + port + path;
  }

  @Override
  public void close() {
    running.close();
  }
}
