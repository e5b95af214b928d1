package dev.runnel.conformance.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Outcome;
import dev.runnel.engine.ServerObserver;
import dev.runnel.http.Request;
import dev.runnel.http.Status;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.ScriptedPeer;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Who watches a server sees the calls of HTTP/2 as those of HTTP/1.1, and what never became one.
 */
class Http2ObserverTest implements ServerObserver {
  private static final int PROTOCOL_ERROR = 1;

  private final List<String> seen = new ArrayList<>();

  @Override
  public void requestStarted(Request request) {
    seen.add("started " + request.method() + " " + request.rawPath() + " " + request.version());
  }

  @Override
  public void responseStarted(Request request, Status status) {
    seen.add("answered " + status.code());
  }

  @Override
  public void requestEnded(Request request, Outcome outcome) {
    seen.add("ended " + outcome.status() + " " + outcome.bytesSent());
  }

  @Override
  public void requestRejected(SocketAddress remote, Status status, String reason) {
    seen.add("rejected " + status.code() + " " + reason);
  }

  @Test
  void callsAndWhatNeverBecameOne() {
    try (Stage stage = Stage.start(Where.MEMORY, new App(), o -> o.observer(this))) {
      ScriptedPeer peer = stage.connect();
      assertThat(peer.response(peer.get("/text")).body()).isEqualTo("hi");
      int malformed = peer.request(true, "GET", "/text", "Upper", "case");
      peer.expectRst(malformed, PROTOCOL_ERROR);
      int large = peer.request(true, "GET", "/text", "x", "x".repeat(16_250));
      peer.expectStatus(large, 431);
      int left = peer.get("/wait");
      peer.send(Frame.rst(left, 8)).settle();
    }
    assertThat(seen)
        .containsExactly(
            "started GET /text HTTP/2",
            "answered 200",
            "ended 200 2",
            "rejected 400 malformed request: bad field name 'Upper'",
            "rejected 431 the header list is larger than the limit of 16384",
            "started GET /wait HTTP/2",
            "ended 499 0");
  }
}
