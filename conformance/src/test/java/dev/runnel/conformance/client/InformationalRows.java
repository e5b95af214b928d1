package dev.runnel.conformance.client;

import static dev.runnel.conformance.client.Hostile.http1;

import dev.runnel.client.CallOptions;
import dev.runnel.http.OutgoingRequest;
import dev.runnel.http.Request;
import dev.runnel.transport.ClientException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Answers before the answer (RFC 9110 15.2), too many of them or of a wrong kind. */
final class InformationalRows {
  private static final String TWO = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
  private static final String HINTS = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
  private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
  private static final String SWITCH =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: ";

  private static final Duration SHORT = Duration.ofMillis(250);
  private static final Duration LONG = Duration.ofSeconds(20);

  private InformationalRows() {}

  static List<Hostile> rows() {
    List<Hostile> rows = new ArrayList<>();
    floods(rows);
    switches(rows);
    expectations(rows);
    return rows;
  }

  private static void floods(List<Hostile> rows) {
    rows.add(
        http1("32 hints", line -> line.send(HINTS.repeat(32) + TWO)).answers(200, "hi").keeps());
    rows.add(
        http1("33 hints", HINTS.repeat(33) + TWO)
            .fails(Reason.MALFORMED_RESPONSE, "more than 32 informational answers"));
    rows.add(flood("a flood of 100", CONTINUE, Reason.MALFORMED_RESPONSE, "more than 32"));
    rows.add(flood("a flood of 102", "HTTP/1.1 102 X\r\n\r\n", Reason.MALFORMED_RESPONSE, "32"));
    rows.add(flood("a flood of 199", "HTTP/1.1 199 \r\n\r\n", Reason.MALFORMED_RESPONSE, "32"));
    rows.add(
        http1(
                "hints without an end",
                line -> {
                  line.send("HTTP/1.1 103 Early Hints\r\n");
                  line.flood("Link: </a>\r\n");
                })
            .fails(Reason.TOO_LARGE, "field")
            .takesAtMost(16L << 20));
    rows.add(
        http1("a length in 103", "HTTP/1.1 103 X\r\nContent-Length: 2\r\n\r\nhi" + TWO)
            .fails(Reason.MALFORMED_RESPONSE, "must begin"));
    rows.add(
        http1("chunks in 100", "HTTP/1.1 100 X\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
            .fails(Reason.MALFORMED_RESPONSE, "must not have Transfer-Encoding"));
  }

  private static Hostile flood(String name, String piece, Reason reason, String words) {
    return http1(name, line -> line.flood(piece)).fails(reason, words).takesAtMost(16L << 20);
  }

  private static void switches(List<Hostile> rows) {
    rows.add(
        http1("101 that nobody asked for", SWITCH + "websocket\r\n\r\n" + TWO)
            .fails(Reason.MALFORMED_RESPONSE, "101", "no other protocol was asked for"));
    rows.add(
        http1("101 behind 100", CONTINUE + SWITCH + "h2c\r\n\r\n")
            .fails(Reason.MALFORMED_RESPONSE, "101"));
    rows.add(
        http1("101 and frames of HTTP/2", SWITCH + "h2c\r\n\r\n\0\0\0\4\0\0\0\0\0")
            .fails(Reason.MALFORMED_RESPONSE, "101"));
  }

  private static void expectations(List<Hostile> rows) {
    rows.add(
        expecting("417 instead of 100", "HTTP/1.1 417 X\r\nContent-Length: 0\r\n\r\n")
            .answers(417, ""));
    rows.add(
        expecting("417 that stays open", "HTTP/1.1 417 X\r\nContent-Length: 2\r\n\r\nno")
            .answers(417, "no"));
    rows.add(
        expecting("no answer to Expect", "")
            .client(c -> c.timeouts(t -> t.withHead(SHORT).withExpectContinue(SHORT)))
            .fails(Reason.HEAD_TIMEOUT, "no head"));
    rows.add(
        http1(
                "thirty times 100 in answer to Expect",
                line -> {
                  line.send(CONTINUE.repeat(30));
                  line.takeBody();
                  line.send(TWO);
                })
            .request(InformationalRows::expect)
            .answers(200, "hi")
            .keeps());
  }

  private static Hostile expecting(String name, String answer) {
    return http1(name, answer)
        .client(c -> c.timeouts(t -> t.withExpectContinue(LONG)))
        .request(InformationalRows::expect);
  }

  private static OutgoingRequest expect(Request plain) {
    return Request.post(plain.uri().toString())
        .text("expected")
        .with(CallOptions.KEY, CallOptions.NONE.withExpectContinue());
  }
}
