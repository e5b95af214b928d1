package dev.runnel.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A client on a real TCP connection to this machine. Received bytes are taken by a thread of its
 * own.
 */
public final class TcpPeer extends Peer {
  // The same, unless TLS is between.
  private final Socket socket;
  private final ReceivedBytes received = new ReceivedBytes();
  private final Socket raw;
  private final Thread reader;
  private boolean reading = true;
  private boolean ended;
  private boolean reset;

  /** Connects to a port of this machine. */
  public TcpPeer(int port) {
    this(port, 0);
  }

  /**
   * Connects to a port of this machine.
   *
   * @param receiveBuffer bytes that the kernel takes for us before the server feels that we do not
   *     read; 0 for its own choice
   */
  public TcpPeer(int port, int receiveBuffer) {
    this(open(port, receiveBuffer), null);
  }

  private TcpPeer(Socket raw, SSLSocket tls) {
    this.raw = raw;
    this.socket = tls == null ? raw : tls;
    reader = new Thread(this::receive, "tcp-peer");
    reader.setDaemon(true);
    reader.start();
  }

  private static Socket open(int port, int receiveBuffer) {
    try {
      Socket socket = new Socket();
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.setTcpNoDelay(true);
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Connects to a port of this machine, and shakes hands.
   *
   * @param set what else the client's side of TLS should be
   * @throws IOException if the handshake fails
   */
  public static TcpPeer tls(int port, SSLContext context, Consumer<SSLSocket> set)
      throws IOException {
    return tls(port, 0, context, set);
  }

  /** Connects to a port of this machine, sends something in clear first, and shakes hands. */
  public static TcpPeer tls(int port, byte[] first, SSLContext context) throws IOException {
    return tls(open(port, 0), first, context, socket -> {});
  }

  /** Like the other one, with a small receive buffer. */
  public static TcpPeer tls(
      int port, int receiveBuffer, SSLContext context, Consumer<SSLSocket> set) throws IOException {
    return tls(open(port, receiveBuffer), new byte[0], context, set);
  }

  private static TcpPeer tls(Socket raw, byte[] first, SSLContext context, Consumer<SSLSocket> set)
      throws IOException {
    try {
      raw.getOutputStream().write(first);
      SSLSocket tls =
          (SSLSocket)
              context.getSocketFactory().createSocket(raw, "localhost", raw.getPort(), true);
      set.accept(tls);
      tls.startHandshake();
      return new TcpPeer(raw, tls);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  /** The client's side of TLS. */
  public SSLSocket tls() {
    return (SSLSocket) socket;
  }

  /** Closes our half of TCP without the end of TLS. */
  public void truncate() {
    try {
      raw.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void receive() {
    byte[] buffer = new byte[64 << 10];
    try {
      InputStream in = socket.getInputStream();
      while (true) {
        awaitReading();
        int count = in.read(buffer);
        if (count < 0) {
          break;
        }
        add(buffer, count);
      }
    } catch (IOException | InterruptedException e) {
      // reset or closed by the test: ended like any other way
      synchronized (this) {
        reset = true;
      }
    }
    synchronized (this) {
      ended = true;
      arrived();
      notifyAll();
    }
  }

  private synchronized void awaitReading() throws InterruptedException {
    while (!reading) {
      wait();
    }
  }

  private synchronized void add(byte[] buffer, int count) {
    received.write(buffer, 0, count);
    arrived();
    notifyAll();
  }

  @Override
  public void send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized String all() {
    return received.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public synchronized boolean endsWith(String end) {
    // Looked at after each piece of large answers: must not cost as much as all that came.
    byte[] tail = received.from(Math.max(0, received.size() - end.length()));
    return new String(tail, StandardCharsets.ISO_8859_1).equals(end);
  }

  @Override
  protected synchronized byte[] received(int from) {
    return received.from(from);
  }

  @Override
  protected synchronized int count() {
    return received.size();
  }

  @Override
  public synchronized boolean isEnded() {
    return ended;
  }

  /** Whether it ended otherwise than by a FIN of the server. */
  public synchronized boolean wasReset() {
    return reset;
  }

  @Override
  public synchronized void await(Predicate<Peer> condition, String what) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.test(this)) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0 || (ended && !condition.test(this))) {
        throw new AssertionError("waited in vain " + what + "; so far: " + soFar());
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
    }
  }

  @Override
  public synchronized void reading(boolean on) {
    reading = on;
    notifyAll();
  }

  @Override
  public void halfClose() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void vanish() {
    try {
      raw.setSoLinger(true, 0);
      raw.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reader.interrupt();
  }
}
