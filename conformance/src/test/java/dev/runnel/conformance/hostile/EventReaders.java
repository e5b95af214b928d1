package dev.runnel.conformance.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Clients that take a stream of events as fast as it comes, and count: all on one thread. */
final class EventReaders implements AutoCloseable {
  private final AtomicIntegerArray counts;
  private final boolean[] lineEnded;
  private final Selector selector;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param request what each of them sends
   */
  EventReaders(int port, int clients, String request) throws IOException {
    counts = new AtomicIntegerArray(clients);
    lineEnded = new boolean[clients];
    selector = Selector.open();
    InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    for (int i = 0; i < clients; i++) {
      SocketChannel channel = SocketChannel.open(server);
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, i);
    }
    thread = new Thread(this::read, "event-readers");
    thread.start();
  }

  /** Whether each of them got so many events. */
  boolean have(int events) {
    for (int i = 0; i < counts.length(); i++) {
      if (counts.get(i) < events) {
        return false;
      }
    }
    return true;
  }

  /** Whether one of them got more than so many. */
  boolean haveMoreThan(int events) {
    for (int i = 0; i < counts.length(); i++) {
      if (counts.get(i) > events) {
        return true;
      }
    }
    return false;
  }

  private void read() {
    ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    try {
      while (!closed) {
        selector.select(key -> take(key, buffer));
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(SelectionKey key, ByteBuffer buffer) {
    try {
      buffer.clear();
      if (((SocketChannel) key.channel()).read(buffer) < 0) {
        key.cancel();
      }
    } catch (IOException e) {
      key.cancel();
    }
    int client = (Integer) key.attachment();
    int events = 0;
    boolean ended = lineEnded[client];
    for (int i = 0; i < buffer.position(); i++) {
      boolean lf = buffer.get(i) == '\n';
      events += lf && ended ? 1 : 0; // heads and chunks have CR LF
      ended = lf;
    }
    lineEnded[client] = ended;
    counts.addAndGet(client, events);
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
