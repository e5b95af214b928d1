package dev.runnel.benchmarks.load;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** One member sends ten messages, and ten more when all members have all of them. */
final class RoomScenario implements Scenario {
  private static final int AT_ONCE = 10;

  private final byte[] messages = Frames.text(AT_ONCE);
  private final List<Connection> members = new ArrayList<>();
  private final long each;
  private long bytes;
  private long expected;
  private long before;

  RoomScenario(int members) {
    this.each = (long) AT_ONCE * Frames.ECHO_BYTES * members;
  }

  @Override
  public Connection connection() {
    Connection member =
        new Connection(Connection.webSocket("/ws/room"), "101") {
          @Override
          void received(ByteBuf came) {
            bytes += came.readableBytes();
            if (bytes == expected) {
              next();
            }
          }
        };
    members.add(member);
    return member;
  }

  private void next() {
    expected += each;
    members.get(0).send(messages);
  }

  @Override
  public void begin() {
    next();
  }

  @Override
  public void mark() {
    before = bytes;
  }

  @Override
  public Tally tally() {
    long lost = members.stream().filter(Connection::isLost).count();
    return Tally.of((bytes - before) / Frames.ECHO_BYTES, bytes - before, lost);
  }
}
