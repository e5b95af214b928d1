package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.internal.h1.RawCase;
import dev.runnel.engine.internal.h1.RawRequestCases;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Method;
import dev.runnel.http.Response;
import dev.runnel.io.Bytes;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * SEMANTICS 8: the table of raw requests through a live server. What the parser's own tests say of
 * each case is what a handler or a client sees.
 */
@EveryTransport
class RawRequestContractTest extends Contract {
  private static final List<String> SEEN =
      List.of("method", "target", "path", "query", "authority", "version", "body");

  /** Reads the whole body, and says what it saw of the request. */
  private static void describe(Exchange x) {
    collect(x, x.body(), new ArrayList<>());
  }

  private static void collect(Exchange x, BodyReader body, List<Bytes> parts) {
    for (Bytes part = body.poll(); part != null; part = body.poll()) {
      parts.add(part);
    }
    if (!body.ended()) {
      body.onReady(() -> collect(x, body, parts));
      return;
    }
    Map<String, Object> seen = new LinkedHashMap<>();
    seen.put("method", x.request().method());
    seen.put("target", x.request().target());
    seen.put("path", x.request().rawPath());
    seen.put("query", x.request().rawQuery());
    seen.put("authority", x.request().authority());
    seen.put("version", x.request().version());
    seen.put("body", Bytes.concat(parts).text(StandardCharsets.ISO_8859_1));
    StringBuilder text = new StringBuilder();
    seen.forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    int status = x.request().method().equals(Method.CONNECT) ? 404 : 200;
    byte[] document = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    x.respond(Response.of(status).body("text/plain", Bytes.copyOf(document)));
  }

  private Answer answerTo(RawCase raw, boolean inPieces) {
    Peer peer = connect();
    try {
      byte[] bytes = raw.bytes().toByteArray();
      int step = inPieces ? Math.max(1, bytes.length / 7) : bytes.length;
      for (int from = 0; from < bytes.length; from += step) {
        int until = Math.min(bytes.length, from + step);
        peer.send(java.util.Arrays.copyOfRange(bytes, from, until));
      }
      boolean toHead = raw.properties().getOrDefault("method", "").equals("HEAD");
      Answer answer = peer.answer(toHead);
      return answer.status() == 100 ? peer.answer(toHead) : answer;
    } catch (AssertionError | java.io.UncheckedIOException e) {
      throw new AssertionError("'" + raw.name() + "': " + e.getMessage(), e);
    } finally {
      peer.close();
    }
  }

  /** What is no request of HTTP/1.1 may be the first word of another version. */
  private static boolean speaksHttp2(RawCase raw) {
    return raw.bytes().text(StandardCharsets.ISO_8859_1).startsWith("PRI * HTTP/2.0\r\n");
  }

  @Test
  void whatBreaksARuleIsRefusedAndTheConnectionCloses() {
    start(RawRequestContractTest::describe, options -> {});
    int count = 0;
    for (RawCase raw : RawRequestCases.all()) {
      if (raw.rejected() != null && !speaksHttp2(raw)) {
        count++;
        Answer answer = answerTo(raw, false);
        assertThat(answer.status()).as(raw.name()).isEqualTo(raw.rejected().status());
        assertThat(answer.header("Connection")).as(raw.name()).isEqualTo("close");
        assertThat(answer.body()).as(raw.name()).contains(raw.rejected().sentence());
      }
    }
    assertThat(count).as("cases").isGreaterThan(100);
  }

  @Test
  void aGoodRequestIsSeenByTheHandlerAsTheTableSays() {
    start(RawRequestContractTest::describe, options -> {});
    int count = 0;
    for (RawCase raw : RawRequestCases.good()) {
      if (raw.properties().getOrDefault("done", "true").equals("true")) {
        count++;
        assertSeen(raw, answerTo(raw, false));
      }
    }
    assertThat(count).as("cases").isGreaterThan(50);
  }

  @Test
  void aGoodRequestMayComeInPieces() {
    start(RawRequestContractTest::describe, options -> {});
    for (RawCase raw : RawRequestCases.good()) {
      if (raw.properties().getOrDefault("done", "true").equals("true")) {
        assertSeen(raw, answerTo(raw, true));
      }
    }
  }

  private static void assertSeen(RawCase raw, Answer answer) {
    assertThat(answer.status()).as(raw.name()).isIn(200, 404);
    for (String name : SEEN) {
      String expected = raw.properties().get(name);
      if (expected != null && !answer.body().isEmpty()) {
        assertThat(answer.body()).as(raw.name()).contains(name + "=" + expected + "\n");
      }
    }
  }
}
