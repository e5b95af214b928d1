package dev.runnel.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Raw bytes on a socket; a thread reads, and one writes. */
final class TcpLink implements RawLink {
  private static final int BUFFER = 16 << 10;
  private static final int RECEIVE_BUFFER = 16 << 10; // a server shall feel soon that nobody reads

  private final Socket socket = new Socket();
  private final Queue<byte[]> came = new ConcurrentLinkedQueue<>();
  private final AtomicInteger unsent = new AtomicInteger();
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(task -> daemon(task, "raw-peer-writer"));
  private boolean reading = true;
  private volatile boolean ended;
  private volatile boolean reset;

  TcpLink(int port) throws IOException {
    socket.setReceiveBufferSize(RECEIVE_BUFFER);
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    daemon(this::receive, "raw-peer-reader").start();
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private void receive() {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = socket.getInputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        came.add(Arrays.copyOf(buffer, count));
        awaitReading();
      }
    } catch (IOException | InterruptedException e) {
      reset = true; // by the server, or we closed it
    }
    ended = true;
  }

  private synchronized void awaitReading() throws InterruptedException {
    while (!reading) {
      wait();
    }
  }

  @Override
  public void send(byte[] bytes) {
    byte[] copy = bytes.clone();
    unsent.addAndGet(copy.length);
    writer.execute(
        () -> {
          try {
            socket.getOutputStream().write(copy);
          } catch (IOException e) {
            reset = true;
          } finally {
            unsent.addAndGet(-copy.length);
          }
        });
  }

  @Override
  public byte @Nullable [] poll() {
    return came.poll();
  }

  @Override
  public boolean ended() {
    return ended && came.isEmpty();
  }

  @Override
  public boolean wasReset() {
    return reset && came.isEmpty();
  }

  @Override
  public int unsent() {
    return unsent.get();
  }

  @Override
  public synchronized void reading(boolean on) {
    reading = on;
    notifyAll();
  }

  /** Behind what is to be sent. */
  @Override
  public void halfClose() {
    writer.execute(
        () -> {
          try {
            socket.shutdownOutput();
          } catch (IOException e) {
            reset = true;
          }
        });
  }

  @Override
  public void vanish() {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      reset = true; // it is gone already
    }
    close();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      reset = true;
    }
    writer.shutdown();
    reading(true);
  }
}
