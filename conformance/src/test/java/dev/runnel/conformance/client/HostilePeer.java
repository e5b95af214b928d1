package dev.runnel.conformance.client;

import dev.runnel.server.Eventually;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A server of plain sockets that answers as its script says until it is told to behave: then with
 * 200, {@code good}, and the number of the connection in {@code X-Connection}.
 */
final class HostilePeer implements AutoCloseable {
  static final String NUMBER = "X-Connection";

  private static final int SEND_BUFFER = 64 << 10;

  private final ServerSocket socket;
  private final Protocol protocol;
  private final @Nullable SSLSocketFactory tls;
  private final ExecutorService threads = Executors.newCachedThreadPool(HostilePeer::thread);
  private final AtomicInteger accepted = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger playing = new AtomicInteger();
  private final AtomicLong sent = new AtomicLong();
  private final List<Throwable> flaws = new CopyOnWriteArrayList<>();
  private final CountDownLatch answered = new CountDownLatch(1);
  private volatile boolean behaves;

  /** What a connection speaks. */
  interface Protocol {
    /** Serves a connection to its end, or to that of the script. */
    void serve(HostilePeer peer, Socket socket, Socket below, int number) throws IOException;
  }

  HostilePeer(Protocol protocol, @Nullable SSLSocketFactory tls) throws IOException {
    this.protocol = protocol;
    this.tls = tls;
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "hostile-peer");
    thread.setDaemon(true);
    return thread;
  }

  int port() {
    return socket.getLocalPort();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket next = socket.accept();
        next.setSendBufferSize(SEND_BUFFER);
        open.add(next);
        int number = accepted.incrementAndGet();
        threads.execute(() -> serve(next, number));
      } catch (IOException e) {
        // closed, or a client that was gone before it was here
      }
    }
  }

  private void serve(Socket below, int number) {
    playing.incrementAndGet();
    try (below) {
      protocol.serve(this, tls == null ? below : secure(below, tls), below, number);
    } catch (SocketException | EOFException | SSLException e) {
      // the client left, as it may
    } catch (IOException | RuntimeException | AssertionError e) {
      flaws.add(e);
    } finally {
      open.remove(below);
      playing.decrementAndGet();
    }
  }

  private static Socket secure(Socket below, SSLSocketFactory tls) throws IOException {
    SSLSocket socket = (SSLSocket) tls.createSocket(below, "localhost", below.getPort(), false);
    socket.setUseClientMode(false);
    socket.startHandshake();
    return socket;
  }

  // --- of scripts ---

  boolean behaves() {
    return behaves;
  }

  void sent(int bytes) {
    sent.addAndGet(bytes);
  }

  /** Waits until the caller has what came of the call. */
  void awaitAnswered() {
    try {
      if (!answered.await(Eventually.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        flawed("the call did not end");
      }
    } catch (InterruptedException e) {
      flawed("interrupted");
    }
  }

  /** The client did what it must not. */
  void flawed(String what) {
    flaws.add(new AssertionError(what));
  }

  // --- of tests ---

  /** The caller has what came of the call. */
  void answered() {
    answered.countDown();
  }

  /** From now on requests are answered as they should be. */
  void behave() {
    behaves = true;
  }

  int accepted() {
    return accepted.get();
  }

  long sent() {
    return sent.get();
  }

  List<Throwable> flaws() {
    return flaws;
  }

  /** Waits until so many connections are left. */
  void awaitOpen(int count) {
    Eventually.until(
        () -> open.size() == count && playing.get() == count,
        () -> open.size() + " connections are open, not " + count);
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket left : open) {
      left.close();
    }
    threads.shutdownNow();
  }
}
