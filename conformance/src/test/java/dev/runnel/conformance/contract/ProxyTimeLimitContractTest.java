package dev.runnel.conformance.contract;

import dev.runnel.testing.Peer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** SEMANTICS 3: the limit of a PROXY header, which is said in clear before all else. */
@PlainInMemory
class ProxyTimeLimitContractTest extends TimeContract {
  @Test
  void aProxyHeaderThatDoesNotComeEndsTheConnectionAfter10Seconds() {
    start(options -> options.proxyProtocol(true));
    Peer peer = connect();
    peer.send("PROXY TCP4 192.0.2.1");
    assertEndsAfter(peer, Duration.ofSeconds(10));
  }

  @Test
  void theHeadBehindAProxyHeaderHas10SecondsOfItsOwn() {
    start(options -> options.proxyProtocol(true));
    Peer peer = connect();
    seconds(9);
    peer.send("PROXY TCP4 192.0.2.1 192.0.2.2 1000 80\r\n");
    assertEndsAfter(peer, Duration.ofSeconds(10));
  }
}
