package dev.runnel.testing.http2;

import dev.runnel.http.BodyReader;
import dev.runnel.http.RawConnection;
import dev.runnel.http.ResponseHead;
import dev.runnel.io.Bytes;
import dev.runnel.transport.CallEvents;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientCall;
import dev.runnel.transport.ClientException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one call was told, held against the order that is promised for it. */
public final class Heard implements CallEvents {
  private final List<String> told = new ArrayList<>();
  private final List<Heard> promises = new ArrayList<>();
  private final StringBuilder content = new StringBuilder();
  private boolean beginning = true;
  private boolean takesPromises;
  private boolean answered;
  private boolean ended;
  private boolean pumps;
  private Runnable onHead = () -> {};
  private @Nullable CallHead promise;
  private @Nullable ClientCall call;
  private @Nullable ResponseHead head;
  private @Nullable BodyReader body;
  private @Nullable RawConnection raw;
  private @Nullable ClientException failure;
  private @Nullable RuntimeException bodyFailure;
  private @Nullable String broken;

  /** The call that this hears of has begun. */
  public void begun(ClientCall begun) {
    beginning = false;
    call = begun;
  }

  /** Takes what is promised. */
  public Heard takingPromises() {
    takesPromises = true;
    return this;
  }

  /** Reads the body as it comes. */
  public Heard pumping() {
    pumps = true;
    return this;
  }

  /** Runs this when the head comes, within the event. */
  public Heard onHead(Runnable task) {
    onHead = task;
    return this;
  }

  private void tell(String what) {
    require(!beginning, what + " was told within begin");
    require(!ended, what + " was told behind the end");
    told.add(what);
  }

  /** The client guards itself against whoever it tells, so that throwing is not enough. */
  private void require(boolean holds, String rule) {
    if (!holds) {
      broken = rule + ", behind " + told;
      throw new AssertionError(broken);
    }
  }

  /** Which promise to a caller was broken, or null. */
  public @Nullable String broken() {
    return broken;
  }

  private void answer(String what) {
    tell(what);
    require(!answered, what + " is a second answer");
    answered = true;
  }

  @Override
  public void informational(ResponseHead came) {
    tell(Integer.toString(came.status().code()));
  }

  @Override
  public void head(ResponseHead came, BodyReader reader) {
    answer("head " + came.status().code());
    head = came;
    body = reader;
    onHead.run();
    if (pumps) {
      pump();
    }
  }

  @Override
  public void upgraded(ResponseHead came, RawConnection connection) {
    answer("upgraded " + came.status().code());
    head = came;
    raw = connection;
  }

  @Override
  public void failed(ClientException error) {
    answer("failed " + error.reason() + (error.isUnprocessed() ? " unprocessed" : ""));
    failure = error;
  }

  @Override
  public void ended() {
    tell("ended");
    ended = true;
  }

  @Override
  public @Nullable CallEvents promised(CallHead asked, ClientCall made) {
    tell("promised " + asked.method() + " " + asked.target());
    if (!takesPromises) {
      return null;
    }
    Heard taker = new Heard();
    taker.promise = asked;
    taker.begun(made);
    promises.add(taker);
    return taker;
  }

  private void pump() {
    read();
    BodyReader reader = body;
    if (reader != null && bodyFailure == null && !reader.ended()) {
      reader.onReady(this::pump);
    }
  }

  /** Takes what is there of the body, and gives all that was taken so far. */
  public String read() {
    BodyReader reader = body();
    try {
      for (Bytes bytes = reader.poll(); bytes != null; bytes = reader.poll()) {
        content.append(bytes.text(StandardCharsets.ISO_8859_1));
      }
    } catch (RuntimeException e) {
      bodyFailure = e;
    }
    return content.toString();
  }

  /** What was told, in its order. */
  public List<String> told() {
    return told;
  }

  public List<Heard> promises() {
    return promises;
  }

  public CallHead promise() {
    return there(promise, "a promise");
  }

  public ClientCall call() {
    return there(call, "a call");
  }

  public ResponseHead head() {
    return there(head, "a head");
  }

  public BodyReader body() {
    return there(body, "a body");
  }

  public RawConnection raw() {
    return there(raw, "a connection");
  }

  public ClientException failure() {
    return there(failure, "a failure");
  }

  /** What reading the body threw. */
  public ClientException bodyFailure() {
    return (ClientException) there(bodyFailure, "a failure of the body");
  }

  public boolean isEnded() {
    return ended;
  }

  private <T> T there(@Nullable T value, String what) {
    if (value == null) {
      throw new AssertionError("there was not " + what + ", but " + told);
    }
    return value;
  }
}
