package dev.runnel.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/**
 * A client on a real TCP connection to this machine. Received bytes are taken by a thread of its
 * own.
 */
public final class TcpPeer extends Peer {
  private final Socket socket;
  private final ReceivedBytes received = new ReceivedBytes();
  private final Thread reader;
  private boolean reading = true;
  private boolean ended;

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
    try {
      socket = new Socket();
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.setTcpNoDelay(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reader = new Thread(this::receive, "tcp-peer");
    reader.setDaemon(true);
    reader.start();
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
    }
    synchronized (this) {
      ended = true;
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
  public synchronized boolean isEnded() {
    return ended;
  }

  @Override
  public synchronized void await(Predicate<Peer> condition, String what) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.test(this)) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0 || (ended && !condition.test(this))) {
        throw new AssertionError("waited in vain " + what + "; so far: " + rest());
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
      socket.setSoLinger(true, 0);
      socket.close();
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
