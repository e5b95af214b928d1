package dev.runnel.testkit;

import dev.runnel.http.Body;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;

/** A body of so many bytes that keeps count of what it handed over. */
final class Streamed implements Body.Producer {
  private static final int PIECE = 4_000;

  private final long all;
  private BodyWriter writer;
  long handedOver;

  Streamed(long all) {
    this.all = all;
  }

  Response response() {
    return Response.of(Status.OK).body(this);
  }

  @Override
  public void produce(BodyWriter to) {
    writer = to;
    more();
  }

  private void more() {
    while (handedOver < all) {
      int size = (int) Math.min(PIECE, all - handedOver);
      handedOver += size;
      if (!writer.write(
          Bytes.copyOf("x".repeat(size).getBytes(java.nio.charset.StandardCharsets.US_ASCII)))) {
        writer.onWritable(this::more);
        return;
      }
    }
    writer.end();
  }
}
