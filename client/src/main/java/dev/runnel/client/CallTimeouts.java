package dev.runnel.client;

import java.time.Duration;

/**
 * How long what of a call may take, by the loop's clock. Immutable; {@link Duration#ZERO} turns a
 * limit off, {@link #DEFAULT} and the {@code with…} methods make others.
 *
 * @param connect from asking for a connection to having one, without TLS (10 s)
 * @param tls the TLS handshake (10 s)
 * @param queue waiting for a connection while as many are in use as may (30 s)
 * @param head from the end of the request to the head of the answer (30 s)
 * @param bodyStall without a byte of a body that is being read (30 s)
 * @param call all of it, with redirects and retries, until the end of the body, or until another
 *     protocol is spoken (none)
 * @param expectContinue how long a body is held back for 100 (Continue), where that is asked for (1
 *     s; RFC 9110 10.1.1 says not for ever)
 */
public record CallTimeouts(
    Duration connect,
    Duration tls,
    Duration queue,
    Duration head,
    Duration bodyStall,
    Duration call,
    Duration expectContinue) {
  /** The defaults. */
  public static final CallTimeouts DEFAULT =
      new CallTimeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ZERO,
          Duration.ofSeconds(1));

  public CallTimeouts {
    for (Duration limit :
        new Duration[] {connect, tls, queue, head, bodyStall, call, expectContinue}) {
      if (limit.isNegative()) {
        throw new IllegalArgumentException("a time limit must not be negative: " + limit);
      }
    }
  }

  /** With another limit for connecting. */
  public CallTimeouts withConnect(Duration limit) {
    return new CallTimeouts(limit, tls, queue, head, bodyStall, call, expectContinue);
  }

  /** With another limit for TLS handshakes. */
  public CallTimeouts withTls(Duration limit) {
    return new CallTimeouts(connect, limit, queue, head, bodyStall, call, expectContinue);
  }

  /** With another limit for waiting for a connection. */
  public CallTimeouts withQueue(Duration limit) {
    return new CallTimeouts(connect, tls, limit, head, bodyStall, call, expectContinue);
  }

  /** With another limit for the head of the answer. */
  public CallTimeouts withHead(Duration limit) {
    return new CallTimeouts(connect, tls, queue, limit, bodyStall, call, expectContinue);
  }

  /** With another limit for silent bodies. */
  public CallTimeouts withBodyStall(Duration limit) {
    return new CallTimeouts(connect, tls, queue, head, limit, call, expectContinue);
  }

  /** With another limit for whole calls. */
  public CallTimeouts withCall(Duration limit) {
    return new CallTimeouts(connect, tls, queue, head, bodyStall, limit, expectContinue);
  }

  /** With another wait for 100. */
  public CallTimeouts withExpectContinue(Duration limit) {
    return new CallTimeouts(connect, tls, queue, head, bodyStall, call, limit);
  }
}
