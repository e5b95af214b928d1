package dev.runnel.benchmarks.bench;

import java.util.List;

/**
 * What is asked of the servers.
 *
 * @param unit what is counted, and what CPU time and bytes are divided by
 * @param path of the request
 * @param jvmOnly whether programs in C are left out: they have only the plain answer
 * @param load how it is asked
 */
record Workload(String name, String unit, String path, boolean jvmOnly, Load load) {
  static final List<Workload> ALL =
      List.of(
          // First, and not the plain answer: the first one finds what all share least compiled.
          of("routes", "request", "/r37/abc123", Load.wrk(64)),
          plain("plaintext", Load.wrk(64)),
          plain("pipelined", Load.wrk(64).atOnce(16)),
          of("json", "request", "/json", Load.wrk(64)),
          of("echo-1k", "request", "/echo", Load.wrk(64).post(1 << 10)),
          of("echo-1m", "request", "/echo", Load.wrk(16).post(1 << 20)),
          of("download-bytes", "MiB", "/download/bytes", Load.wrk(8)),
          of("download-file", "MiB", "/download/file", Load.wrk(8)),
          of("download-stream", "MiB", "/download/stream", Load.wrk(8)),
          plain("h2c", Load.h2load(false, 8, 32)),
          plain("h2-tls", Load.h2load(true, 8, 32)),
          plain("handshakes", Load.handshakes(3)),
          of("sse-fanout", "event", "/events", Load.own("sse", 1_000)),
          of("ws-echo", "message", "/ws/echo", Load.own("ws-echo", 64)),
          of("ws-broadcast", "message", "/ws/room", Load.own("ws-room", 1_000)),
          of("delay", "request", "/delay", Load.wrk(64)),
          of("yield", "request", "/yield", Load.wrk(64)),
          of("block", "request", "/block", Load.wrk(64)));

  private static Workload plain(String name, Load load) {
    String unit = load.tool() == Load.Tool.HANDSHAKES ? "handshake" : "request";
    return new Workload(name, unit, "/plaintext", false, load);
  }

  private static Workload of(String name, String unit, String path, Load load) {
    return new Workload(name, unit, path, true, load);
  }

  /** More than one of its unit. */
  String units() {
    return isOfBytes() ? unit : unit + "s";
  }

  /** What was seen, counted in this workload's unit. */
  Outcome counted(Outcome seen) {
    return isOfBytes() ? seen.withCount(seen.bytes() >> 20) : seen;
  }

  private boolean isOfBytes() {
    return unit.equals("MiB");
  }

  boolean takes(Contender contender) {
    return contender.isJvm()
        || (!jvmOnly && (contender.kind() == Contender.Kind.NGINX || !isPipelined()));
  }

  private boolean isPipelined() {
    return load.atOnceCount() > 1;
  }
}
