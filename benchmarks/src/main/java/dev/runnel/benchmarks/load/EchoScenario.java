package dev.runnel.benchmarks.load;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Each session sends a message when its last one came back. */
final class EchoScenario implements Scenario {
  private static final int MOST_LATENCIES = 1 << 20;

  private final byte[] message = Frames.text(1);
  private final List<Session> sessions = new ArrayList<>();
  private final long[] latencies = new long[MOST_LATENCIES];
  private long count;
  private long bytes;

  private final class Session extends Connection {
    private long sent;
    private int missing;

    Session() {
      super(webSocket("/ws/echo"), "101");
    }

    void next() {
      sent = System.nanoTime();
      missing = Frames.ECHO_BYTES;
      send(message);
    }

    @Override
    void received(ByteBuf came) {
      int length = came.readableBytes();
      bytes += length;
      missing -= length;
      if (missing < 0) {
        throw new IllegalStateException("more came back than was sent");
      }
      if (missing == 0) {
        if (count < MOST_LATENCIES) {
          latencies[(int) count] = (System.nanoTime() - sent) / 1_000;
        }
        count++;
        next();
      }
    }
  }

  @Override
  public Connection connection() {
    Session session = new Session();
    sessions.add(session);
    return session;
  }

  @Override
  public void begin() {
    sessions.forEach(Session::next);
  }

  @Override
  public void mark() {
    count = 0;
    bytes = 0;
  }

  @Override
  public Tally tally() {
    long lost = sessions.stream().filter(Connection::isLost).count();
    return Tally.of(count, bytes, lost)
        .withLatencies(Arrays.copyOf(latencies, (int) Math.min(count, MOST_LATENCIES)));
  }
}
