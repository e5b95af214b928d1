package dev.runnel.benchmarks.bench;

import java.util.List;

/**
 * A server that takes part.
 *
 * @param name as the tables say it
 * @param kind what its process is
 * @param where the module below {@code benchmarks/peers}, empty for this one; for programs, their
 *     name
 * @param mainClass what the probe starts; empty for programs
 * @param work what it does for each plain answer beside the others, for the table
 */
record Contender(String name, Kind kind, String where, String mainClass, String work) {
  enum Kind {
    JVM,
    NGINX,
    H2O
  }

  /** Everybody's measure: the same transport without a framework. */
  static final String BASE = "netty";

  /** No server: it answers the same bytes for each so many that it reads. */
  static final String FLOOR = "floor";

  private static final String OURS = "dev.runnel.benchmarks.servers.";
  private static final String PEERS = "dev.runnel.peers.";

  static final List<Contender> ALL =
      List.of(
          jvm("runnel-kotlin", "", OURS + "RunnelKotlinServer", "Date; router, limits, deadlines"),
          jvm("runnel-java", "", OURS + "RunnelJavaServer", "Date; router, limits, deadlines"),
          jvm(FLOOR, "", OURS + "FloorServer", "nothing: the same bytes for each so many read"),
          jvm(BASE, "netty", PEERS + "NettyServer", "neither Date nor router"),
          jvm("vertx-core", "vertx", PEERS + "VertxCoreServer", "no Date, no router"),
          jvm("vertx-web", "vertx", PEERS + "VertxWebServer", "no Date; router"),
          jvm("jooby", "jooby", PEERS + "JoobyServer", "Date, Server; router; worker threads"),
          jvm("undertow", "undertow", PEERS + "UndertowServer", "Date; path handlers"),
          jvm("helidon", "helidon", PEERS + "HelidonServer", "Date; router; virtual threads"),
          jvm("webflux", "webflux", PEERS + "WebFluxServer", "no Date; router functions"),
          jvm("ktor-netty", "ktor", PEERS + "KtorNettyServer", "no Date (plugin off); router"),
          jvm("ktor-cio", "ktor", PEERS + "KtorCioServer", "no Date (plugin off); router"),
          jvm("javalin", "javalin", PEERS + "JavalinServer", "Date; router; Jetty's threads"),
          jvm("armeria", "armeria", PEERS + "ArmeriaServer", "Date, Server; router"),
          jvm("http4k", "http4k", PEERS + "Http4kServer", "Date, Server; chunked; virtual threads"),
          new Contender("nginx", Kind.NGINX, "nginx", "", "C; Date, Server; a fixed answer"),
          new Contender("h2o", Kind.H2O, "h2o", "", "C; Date, Server; a file of 13 bytes"));

  private static Contender jvm(String name, String module, String mainClass, String work) {
    return new Contender(name, Kind.JVM, module, mainClass, work);
  }

  static boolean isOurs(String name) {
    return name.startsWith("runnel-");
  }

  boolean isJvm() {
    return kind == Kind.JVM;
  }
}
