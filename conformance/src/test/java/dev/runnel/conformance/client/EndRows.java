package dev.runnel.conformance.client;

import static dev.runnel.conformance.client.Hostile.http1;

import dev.runnel.client.CallTimeouts;
import dev.runnel.client.Client;
import dev.runnel.http.Request;
import dev.runnel.transport.ClientException.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Servers of HTTP/1.1 that leave too early, and those that neither answer nor leave. */
final class EndRows {
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String FIVE = OK + "Content-Length: 5\r\n\r\n";
  private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";

  /** Long enough for an honest answer to come first, where one has to. */
  private static final Duration SHORT = Duration.ofMillis(250);

  private EndRows() {}

  static List<Hostile> rows() {
    List<Hostile> rows = new ArrayList<>();
    places(rows);
    stale(rows);
    idle(rows);
    silent(rows);
    secure(rows);
    return rows;
  }

  /** How a connection ends. */
  private enum End {
    FIN {
      @Override
      void play(Line line) throws IOException {
        line.close();
      }
    },
    HALF {
      @Override
      void play(Line line) throws IOException {
        line.halfClose();
      }
    },
    RST {
      @Override
      void play(Line line) throws IOException {
        line.reset();
      }
    };

    abstract void play(Line line) throws IOException;
  }

  private static void places(List<Hostile> rows) {
    String whole = "before the head of an answer was whole";
    for (End end : End.values()) {
      rows.add(ended(end, "before any byte", "", "before any byte of an answer"));
      rows.add(ended(end, "in the version", "HTT", whole));
      rows.add(ended(end, "in the code", "HTTP/1.1 20", whole));
      rows.add(ended(end, "in a field", OK + "Content-Le", whole));
      rows.add(ended(end, "before the empty line", OK + "Content-Length: 5\r\n", whole));
      rows.add(ended(end, "behind 100", "HTTP/1.1 100 Continue\r\n\r\n", "head of an answer"));
      rows.add(ended(end, "before the body", FIVE, "after 0 bytes", "of 5"));
      rows.add(ended(end, "in the body", FIVE + "hell", "after 4 bytes", "of 5"));
      rows.add(ended(end, "in a size", CHUNKED + "1", "before the last chunk"));
      rows.add(ended(end, "in a chunk", CHUNKED + "5\r\nhel", "before the last chunk"));
      rows.add(ended(end, "between chunks", CHUNKED + "2\r\nhi\r\n", "before the last chunk"));
      rows.add(ended(end, "in the last chunk", CHUNKED + "2\r\nhi\r\n0\r\n", "last chunk"));
      rows.add(ended(end, "in the trailers", CHUNKED + "0\r\nA: b\r\n", "last chunk"));
    }
    rows.add(
        http1(
                "FIN ends a body without a length",
                line -> {
                  line.send(OK + "\r\nhello");
                  line.close();
                })
            .answers(200, "hello"));
    rows.add(
        http1(
                "RST ends a body without a length",
                line -> {
                  line.send(OK + "\r\nhello");
                  line.reset();
                })
            .fails(Reason.CONNECTION_LOST, "connection closed"));
  }

  private static Hostile ended(End end, String place, String answer, String... words) {
    // What came before a reset may be lost with it.
    String[] certain = end == End.RST ? new String[] {"the connection closed"} : words;
    return http1(
            end + " " + place,
            line -> {
              line.send(answer);
              end.play(line);
            })
        .fails(Reason.CONNECTION_LOST, certain);
  }

  // --- connections that were kept ---

  private static void stale(List<Hostile> rows) {
    rows.add(
        http1("a kept connection closes at the second call", EndRows::closeAtSecond)
            .before(EndRows::good)
            .answers(200, "good")
            .keeps()
            .connections(2));
    rows.add(
        http1("it does so for a POST, which is sent once", EndRows::closeAtSecond)
            .before(EndRows::good)
            .request(r -> Request.post(r.uri().toString()).text("once"))
            .fails(Reason.CONNECTION_LOST, "before any byte of an answer")
            .connections(2));
    rows.add(
        http1(
                "a kept connection breaks within the answer to a POST",
                line -> {
                  if (line.isFirst()) {
                    line.send(Http1Line.good(line.number()));
                  } else {
                    line.send("HTT");
                    line.close();
                  }
                })
            .before(EndRows::good)
            .request(r -> Request.post(r.uri().toString()))
            .fails(Reason.CONNECTION_LOST, "before the head of an answer was whole"));
    rows.add(
        http1(
                "all kept connections close, for ever",
                line -> {
                  if (line.isFirst() && line.number() == 1) {
                    line.send(Http1Line.good(1));
                  } else {
                    line.close();
                  }
                })
            .before(EndRows::good)
            .fails(Reason.CONNECTION_LOST, "before any byte of an answer")
            .connections(3));
  }

  /** Answers the first request of the first connection, and those of others. */
  private static void closeAtSecond(Line line) throws IOException {
    if (line.isFirst()) {
      line.send(Http1Line.good(line.number()));
    } else {
      line.close();
    }
  }

  private static void good(Client client, String url) {
    String said = client.fetch(Request.get(url)).content().text();
    if (!said.equals("good")) {
      throw new AssertionError("the first call was answered with " + said);
    }
  }

  private static void idle(List<Hostile> rows) {
    rows.add(afterwards("FIN", Line::halfClose));
    rows.add(afterwards("RST", Line::reset));
    rows.add(afterwards("a byte", line -> sendAndWait(line, "!")));
    rows.add(afterwards("an empty line", line -> sendAndWait(line, "\r\n")));
    rows.add(
        afterwards(
            "408, as some do",
            line ->
                sendAndWait(line, "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n")));
    rows.add(
        afterwards(
            "an answer to the next call",
            line -> sendAndWait(line, OK + "Content-Length: 3\r\n\r\nbad")));
    rows.add(afterwards("a flood", line -> line.flood("x")).takesAtMost(16L << 20));
  }

  /** What comes when the answer was read, and nobody asks for anything. */
  private static Hostile afterwards(String name, Http1Line.Script end) {
    return http1(
            "on an idle connection: " + name,
            line -> {
              line.send(OK + "Content-Length: 2\r\n\r\nhi");
              line.peer.awaitAnswered();
              end.play(line);
            })
        .answers(200, "hi");
  }

  private static void sendAndWait(Line line, String text) throws IOException {
    line.send(text);
    line.stall();
  }

  // --- no end at all ---

  private static void silent(List<Hostile> rows) {
    UnaryOperator<CallTimeouts> head = t -> t.withHead(SHORT);
    UnaryOperator<CallTimeouts> body = t -> t.withBodyStall(SHORT);
    UnaryOperator<CallTimeouts> call = t -> t.withCall(SHORT);
    String drips = OK + "A: " + "b".repeat(4096) + "\r\n\r\n";
    rows.add(late("no answer", "", head).fails(Reason.HEAD_TIMEOUT, "no head", "250 ms"));
    rows.add(late("half a head", OK + "A: b", head).fails(Reason.HEAD_TIMEOUT, "no head"));
    rows.add(
        late("100 and nothing more", "HTTP/1.1 100 Continue\r\n\r\n", head)
            .fails(Reason.HEAD_TIMEOUT, "no head"));
    rows.add(slow("a head byte by byte", "", drips, head).fails(Reason.HEAD_TIMEOUT, "no head"));
    rows.add(late("no body", FIVE, body).fails(Reason.BODY_TIMEOUT, "no byte of the body"));
    rows.add(late("half a body", FIVE + "hel", body).fails(Reason.BODY_TIMEOUT, "no byte"));
    rows.add(late("no next chunk", CHUNKED + "2\r\nhi\r\n", body).fails(Reason.BODY_TIMEOUT));
    rows.add(
        slow("a body byte by byte", OK + "Content-Length: 4096\r\n\r\n", drips, call)
            .fails(Reason.CALL_TIMEOUT, "longer than"));
    rows.add(late("no answer to the call", "", call).fails(Reason.CALL_TIMEOUT, "longer than"));
    rows.add(
        late("half an answer to the call", FIVE + "hel", call)
            .fails(Reason.CALL_TIMEOUT, "longer"));
    rows.add(
        http1("it takes no byte of a request", line -> line.peer.awaitAnswered())
            .ownTransport()
            .client(c -> c.transport(t -> t.withWriteStall(SHORT)))
            .request(r -> Request.post(r.uri().toString()).bytes(new byte[64 << 20]))
            .fails(Reason.WRITE_TIMEOUT));
  }

  private static Hostile late(String name, String answer, UnaryOperator<CallTimeouts> limits) {
    return http1("late: " + name, answer).client(c -> c.timeouts(limits));
  }

  private static Hostile slow(
      String name, String begin, String answer, UnaryOperator<CallTimeouts> limits) {
    return http1(
            "slow: " + name,
            line -> {
              line.send(begin);
              line.drip(answer);
            })
        .client(c -> c.timeouts(limits));
  }

  // --- TLS ---

  private static void secure(List<Hostile> rows) {
    rows.add(truncated("before the head", "").fails(Reason.CONNECTION_LOST, "before any byte"));
    rows.add(truncated("in the head", OK + "A: b\r\n").fails(Reason.CONNECTION_LOST, "head of an"));
    rows.add(truncated("in the body", FIVE + "hel").fails(Reason.CONNECTION_LOST, "3 bytes"));
    rows.add(
        truncated("in chunks", CHUNKED + "2\r\nhi\r\n")
            .fails(Reason.CONNECTION_LOST, "before the last chunk"));
    rows.add(
        truncated("in a body without a length", OK + "\r\nhello")
            .fails(Reason.CONNECTION_LOST, "without saying that this is the whole"));
    rows.add(
        http1(
                "TLS: close_notify ends a body without a length",
                line -> {
                  line.send(OK + "\r\nhello");
                  line.close();
                })
            .secure()
            .answers(200, "hello"));
    rows.add(
        http1(
                "TLS: clear text within",
                line -> {
                  line.sendBelow(OK + "Content-Length: 2\r\n\r\nhi");
                  line.stall();
                })
            .secure()
            .fails(Reason.CONNECTION_LOST));
  }

  /** The connection ends without close_notify, as anybody on the way can make it end. */
  private static Hostile truncated(String place, String answer) {
    return http1(
            "TLS cut off " + place,
            line -> {
              line.send(answer);
              line.cut();
            })
        .secure();
  }
}
