package dev.runnel.samples.notes;

import dev.runnel.engine.Exchange;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Response;
import dev.runnel.io.Bytes;

/**
 * Counts a body of any size as it arrives: on the loop, with back-pressure, and without ever
 * holding it.
 */
final class ByteCounter {
  private final Exchange exchange;
  private final BodyReader body;
  private long count;

  ByteCounter(Exchange exchange) {
    this.exchange = exchange;
    this.body = exchange.body();
  }

  void run() {
    for (Bytes bytes = body.poll(); bytes != null; bytes = body.poll()) {
      count += bytes.length();
    }
    if (body.ended()) {
      exchange.respond(Response.ok(count + " bytes\n"));
    } else {
      body.onReady(this::run);
    }
  }
}
