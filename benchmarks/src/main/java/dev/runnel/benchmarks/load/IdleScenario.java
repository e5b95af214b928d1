package dev.runnel.benchmarks.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/**
 * Each connection makes one request and then nothing. Says {@code .} when all had their answers.
 */
final class IdleScenario implements Scenario {
  @Override
  public Connection connection() {
    return new Connection("GET /plaintext HTTP/1.1\r\nHost: localhost\r\n\r\n", "200") {
      @Override
      void received(ByteBuf bytes) {
        bytes.skipBytes(bytes.readableBytes());
      }
    };
  }

  @Override
  public void ready(EventLoop loop) throws InterruptedException {
    System.out.print('.');
    System.out.flush();
    Thread.sleep(Long.MAX_VALUE); // until who started it ends it
  }

  @Override
  public void begin() {}

  @Override
  public Tally tally() {
    return Tally.of(0, 0, 0);
  }
}
