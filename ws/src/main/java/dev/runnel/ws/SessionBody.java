package dev.runnel.ws;

import dev.runnel.engine.CallUpgrade;
import dev.runnel.engine.Exchange;
import dev.runnel.http.RawConnection;
import dev.runnel.http.Request;
import org.jspecify.annotations.Nullable;

/** Gives the connection of a call to a session of one of the Java faces. */
final class SessionBody implements CallUpgrade {
  private final Request request;
  private final Opening opening;
  private final Run run;
  private @Nullable LinkSession session;

  /** What a face does with a session. */
  interface Run {
    /** Called before the session is accepted; what it throws becomes the answer. */
    void prepare(Exchange call, LinkSession session);

    /** The session is open, and not read yet. */
    void open(LinkSession session);
  }

  SessionBody(Request request, Opening opening, Run run) {
    this.request = request;
    this.opening = opening;
    this.run = run;
  }

  @Override
  public void begin(Exchange call, Runnable accept) {
    if (session != null) {
      throw new IllegalStateException("a response that opens a session can be returned once only");
    }
    LinkSession made = new LinkSession(call, request, opening.agreed());
    session = made;
    Exchange.Hold hold = call.hold(); // until the link has its own
    call.onEnd(outcome -> call.loop().execute(hold::release));
    try {
      run.prepare(call, made);
      accept.run();
    } catch (RuntimeException e) {
      hold.release();
      throw e;
    }
  }

  @Override
  public void take(RawConnection connection) {
    LinkSession open = session;
    if (open == null) {
      throw new IllegalStateException("the session was not begun");
    }
    open.link(connection);
    run.open(open);
    open.start();
  }
}
