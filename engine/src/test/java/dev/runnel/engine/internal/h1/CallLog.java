package dev.runnel.engine.internal.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runnel.http.BodyReader;
import dev.runnel.http.RawConnection;
import dev.runnel.http.ResponseHead;
import dev.runnel.io.Bytes;
import dev.runnel.transport.CallEvents;
import dev.runnel.transport.ClientException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a call was told, in words; reads the body as it comes unless told not to. */
final class CallLog implements CallEvents {
  private final List<String> told = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final boolean reads;
  @Nullable BodyReader body;
  @Nullable RawConnection raw;
  @Nullable ClientException error;
  Runnable atHead = () -> {};
  Runnable atEnd = () -> {};

  private CallLog(boolean reads) {
    this.reads = reads;
  }

  static CallLog reading() {
    return new CallLog(true);
  }

  static CallLog notReading() {
    return new CallLog(false);
  }

  /** What was told, in order: {@code [head 200, body abc, ended]}. */
  String told() {
    return told.toString();
  }

  String text() {
    return text.toString();
  }

  ClientException error() {
    if (error == null) {
      throw new AssertionError("no error among " + told);
    }
    return error;
  }

  BodyReader body() {
    if (body == null) {
      throw new AssertionError("no body among " + told);
    }
    return body;
  }

  RawConnection raw() {
    if (raw == null) {
      throw new AssertionError("no connection among " + told);
    }
    return raw;
  }

  @Override
  public void informational(ResponseHead head) {
    told.add("informational " + head.status().code());
  }

  @Override
  public void head(ResponseHead head, BodyReader reader) {
    told.add("head " + head.status().code());
    body = reader;
    atHead.run();
    if (reads) {
      read();
    }
  }

  /** Reads what is there, and goes on when there is more. */
  void read() {
    BodyReader from = body();
    try {
      for (Bytes piece = from.poll(); piece != null; piece = from.poll()) {
        text.append(piece.text(ISO_8859_1));
      }
    } catch (ClientException e) {
      error = e;
      told.add("broken " + e.reason());
      return;
    }
    if (from.ended()) {
      told.add("body " + text);
    } else {
      from.onReady(this::read);
    }
  }

  @Override
  public void upgraded(ResponseHead head, RawConnection connection) {
    told.add("upgraded " + head.status().code());
    raw = connection;
    atHead.run();
  }

  @Override
  public void failed(ClientException e) {
    error = e;
    told.add("failed " + e.reason());
  }

  @Override
  public void ended() {
    told.add("ended");
    atEnd.run();
  }
}
