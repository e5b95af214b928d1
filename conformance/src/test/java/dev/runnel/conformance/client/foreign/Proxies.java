package dev.runnel.conformance.client.foreign;

import dev.runnel.transport.Proxy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Proxies of others, each for one user or for everybody. The user is ann. */
enum Proxies {
  TINYPROXY("tinyproxy", "tinyproxy"),
  SQUID("squid", "squid"),
  MICROSOCKS("microsocks", "microsocks"),
  DANTE("danted", "dante-server");

  static final String USER = "ann";
  static final String PASSWORD = "open sesame";

  /** The password as {@code openssl passwd -apr1} writes it. */
  private static final String HASH = "$apr1$runnel12$EBSQI7l4hcBfA4Llect/40";

  private static final String TINYPROXY_CONF =
      """
      Port PORT
      Listen 127.0.0.1
      Timeout 60
      MaxClients 200
      Allow 127.0.0.1
      LogLevel Warning
      """;

  private static final String SQUID_CONF =
      """
      http_port 127.0.0.1:PORT
      pid_filename none
      cache_log DIR/cache.log
      access_log none
      cache deny all
      coredump_dir DIR
      shutdown_lifetime 0 seconds
      forwarded_for delete
      visible_hostname localhost
      acl forbidden url_regex /forbidden
      acl hello src 127.0.0.1
      AUTH
      http_access deny forbidden
      http_access allow hello
      http_access deny all
      """;

  private static final String SQUID_AUTH =
      """
      auth_param basic program /usr/lib/squid/basic_ncsa_auth DIR/users
      auth_param basic children 1
      auth_param basic realm runnel
      acl known proxy_auth REQUIRED
      http_access deny !known
      """;

  private static final String DANTE_CONF =
      """
      logoutput: stderr
      internal: 127.0.0.1 port = PORT
      external: lo
      socksmethod: none
      clientmethod: none
      client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
      socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
      """;

  private final String program;
  private final String debian;

  Proxies(String program, String debian) {
    this.program = program;
    this.debian = debian;
  }

  /** A proxy that runs. */
  record Running(Program program, int port) implements AutoCloseable {
    Proxy proxy(Proxy.Kind kind) {
      return new Proxy(kind, "127.0.0.1", port);
    }

    Proxy proxy(Proxy.Kind kind, String password) {
      return new Proxy(kind, "127.0.0.1", port, USER, password);
    }

    @Override
    public void close() {
      program.close();
    }
  }

  /**
   * Starts it, or skips the test.
   *
   * @param known whether it asks who we are
   */
  Running start(boolean known) {
    Path where = Program.require(program, debian);
    Path directory = Program.workplace(program);
    int port = Program.freePort();
    try {
      return new Running(
          Program.start(directory, command(where, directory, port, known), port), port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> command(Path where, Path directory, int port, boolean known)
      throws IOException {
    String bin = where.toString();
    String conf = directory.resolve("conf").toString();
    switch (this) {
      case TINYPROXY -> {
        String auth = known ? "BasicAuth " + USER + " opensesame\n" : "";
        write(conf, TINYPROXY_CONF + auth, directory, port);
        return List.of(bin, "-d", "-c", conf);
      }
      case SQUID -> {
        write(directory + "/users", USER + ":" + HASH + "\n", directory, port);
        write(conf, SQUID_CONF.replace("AUTH", known ? SQUID_AUTH : ""), directory, port);
        return List.of(bin, "-N", "-f", conf);
      }
      case DANTE -> {
        write(conf, DANTE_CONF, directory, port);
        return List.of(bin, "-f", conf, "-p", directory + "/pid");
      }
      default -> {
        List<String> open = List.of(bin, "-i", "127.0.0.1", "-p", "" + port);
        List<String> asks = List.of("-u", USER, "-P", PASSWORD);
        return known ? Stream.concat(open.stream(), asks.stream()).toList() : open;
      }
    }
  }

  private static void write(String file, String text, Path directory, int port) throws IOException {
    Files.writeString(
        Path.of(file), text.replace("PORT", "" + port).replace("DIR", directory.toString()));
  }

  /** The password that it wants: tinyproxy can have no space in its own. */
  String password() {
    return this == TINYPROXY ? "opensesame" : PASSWORD;
  }
}
