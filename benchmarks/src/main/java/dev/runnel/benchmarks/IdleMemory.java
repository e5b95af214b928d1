package dev.runnel.benchmarks;

import dev.runnel.http.Response;
import dev.runnel.server.Server;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What an idle keep-alive connection costs the server: bytes of heap and of direct memory, after a
 * full collection. Each connection made one request before. The clients are a process of their own,
 * so that nothing of theirs is counted.
 *
 * <p>Needs as many open files as connections: {@code ulimit -n 20000}.
 */
public final class IdleMemory {
  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int COLLECTIONS = 5;

  private IdleMemory() {}

  /**
   * The measurement, or with {@code clients <port> <count>} the clients of it.
   *
   * @param args how many connections (10,000)
   */
  public static void main(String[] args) throws Exception {
    if (args.length == 3) {
      connect(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    } else {
      measure(args.length == 0 ? 10_000 : Integer.parseInt(args[0]));
    }
  }

  private static void measure(int count) throws Exception {
    Server server =
        Server.builder()
            .port(0)
            .handler(x -> x.respond(Response.ok("hi")))
            .options(o -> o.limits(o.build().limits().withConnections(2 * count)))
            .start();
    await(server, clients(server.port(), 100), 100); // loads classes, fills caches
    await(server, null, 0);
    long heap = heap();
    long direct = direct();
    Process clients = clients(server.port(), count);
    await(server, clients, count);
    System.out.printf(
        "%d idle connections (%s): %d bytes of heap and %d bytes of direct memory each%n",
        count, server.transport(), (heap() - heap) / count, (direct() - direct) / count);
    clients.destroy();
    server.close();
  }

  private static Process clients(int port, int count) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"),
            "-cp",
            System.getProperty("java.class.path"),
            IdleMemory.class.getName(),
            "clients",
            Integer.toString(port),
            Integer.toString(count))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Waits for the clients to say that all have their answer; lets the first ones go again. */
  private static void await(Server server, Process clients, int count) throws Exception {
    if (clients != null) {
      int said = clients.getInputStream().read();
      if (said < 0) {
        throw new IllegalStateException("the clients failed: are 2 * " + count + " files allowed?");
      }
      if (count == 100) {
        clients.destroy();
      }
      return;
    }
    while (server.connections() > count) {
      Thread.sleep(10);
    }
  }

  private static void connect(int port, int count) throws Exception {
    List<Socket> open = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.getOutputStream().write(REQUEST);
      open.add(socket);
    }
    for (Socket socket : open) {
      if (socket.getInputStream().read() < 0) {
        throw new IOException("closed by the server");
      }
    }
    System.out.print('.');
    System.out.flush();
    Thread.sleep(Long.MAX_VALUE);
  }

  private static long heap() throws InterruptedException {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      Thread.sleep(100);
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static long direct() {
    long pools = 0;
    for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
      pools += pool.getMemoryUsed();
    }
    return pools + Math.max(0, PlatformDependent.usedDirectMemory());
  }
}
