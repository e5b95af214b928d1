package dev.runnel.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Subscribers of a stream of events, and one who has 20 of them published, and 20 more when all
 * have all of them. An event is known by its 100 letters x: frameworks put different things around
 * them.
 */
final class EventsScenario implements Scenario {
  private static final int AT_ONCE = 20;
  private static final int LETTERS = 100;
  private static final long PAUSE_MILLIS = 200;
  private static final int MOST_PAUSES = 100;

  private final List<Subscriber> subscribers = new ArrayList<>();
  private final byte[] scratch = new byte[1 << 16];
  private final long each;
  private final Connection publisher;
  private long letters;
  private long bytes;
  private long expected = Long.MAX_VALUE;
  private long before;

  EventsScenario(int subscribers) {
    this.each = (long) AT_ONCE * LETTERS * subscribers;
    this.publisher =
        new Connection(publish(1), "200") {
          @Override
          void received(ByteBuf came) {
            came.skipBytes(came.readableBytes());
          }
        };
  }

  private static String publish(int events) {
    return "POST /publish/" + events + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
  }

  private final class Subscriber extends Connection {
    private long own;

    /** Open as soon as it has asked: some send the head with the first event. */
    Subscriber() {
      super("GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n", "");
    }

    @Override
    void received(ByteBuf came) {
      bytes += came.readableBytes();
      while (came.isReadable()) {
        int length = Math.min(came.readableBytes(), scratch.length);
        came.readBytes(scratch, 0, length);
        int found = letters(length);
        own += found;
        letters += found;
      }
      if (letters >= expected) {
        next();
      }
    }
  }

  private int letters(int length) {
    int found = 0;
    for (int i = 0; i < length; i++) {
      if (scratch[i] == 'x') {
        found++;
      }
    }
    return found;
  }

  @Override
  public Connection connection() {
    Subscriber subscriber = new Subscriber();
    subscribers.add(subscriber);
    return subscriber;
  }

  @Override
  public Connection extra() {
    return publisher;
  }

  /** Until everybody got an event, and nothing more comes. */
  @Override
  public void ready(EventLoop loop) throws Exception {
    for (int i = 0; !loop.submit(this::allHear).get(); i++) {
      if (i == MOST_PAUSES) {
        throw new IllegalStateException("not all subscribers get events");
      }
      loop.execute(() -> publisher.send(bytesOf(publish(1))));
      Thread.sleep(PAUSE_MILLIS);
    }
    long seen = -1;
    while (seen != letters) {
      seen = loop.submit(() -> letters).get();
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  private boolean allHear() {
    return subscribers.stream().allMatch(s -> s.own >= LETTERS);
  }

  private static byte[] bytesOf(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  private void next() {
    expected += each;
    publisher.send(bytesOf(publish(AT_ONCE)));
  }

  @Override
  public void begin() {
    expected = letters;
    next();
  }

  @Override
  public void mark() {
    before = letters;
    bytes = 0;
  }

  @Override
  public Tally tally() {
    long lost = subscribers.stream().filter(Connection::isLost).count();
    return Tally.of((letters - before) / LETTERS, bytes, lost);
  }
}
