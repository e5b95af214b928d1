package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.CallProducer;
import dev.runnel.engine.CallUpgrade;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.Method;
import dev.runnel.http.Problem;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import dev.runnel.http.Version;
import dev.runnel.io.Bytes;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How each kind of body becomes an answer. */
final class Answers {
  /** Bytes of a body that are sent with the head, whatever the peer takes. */
  private static final int AT_ONCE = 64 << 10;

  private Answers() {}

  static void send(ServerExchange call, Wire wire, Response response) throws Exception {
    ResponseHead head = response.head();
    Body body = response.body();
    try {
      check(call, response);
    } catch (RuntimeException e) {
      Body.discard(body);
      throw e;
    }
    if (body instanceof Body.Whole whole && response.trailers() == null) {
      sendWhole(call, wire, head, whole.bytes());
    } else if (body instanceof Body.Upgrade upgrade) {
      if (upgrade instanceof CallUpgrade patient) {
        patient.begin(call, new UpgradeOffer(call, wire, head, patient));
      } else {
        takeOver(call, wire, head, upgrade);
      }
    } else if (call.isHead() || head.status().forbidsBody()) {
      Body.discard(body);
      call.stream(head, lengthOf(body, response)).end();
    } else {
      sendStream(call, wire, head, response);
    }
  }

  static void takeOver(ServerExchange call, Wire wire, ResponseHead head, Body.Upgrade upgrade) {
    ResponseHead sent;
    try {
      sent = call.committing(head);
    } catch (RuntimeException e) {
      upgrade.discard();
      throw e;
    }
    wire.takeOver(sent, upgrade::take);
    call.answered();
  }

  private static void check(ServerExchange call, Response response) {
    if (response.body() instanceof Body.Upgrade) {
      refuseUpgrade(call.request(), response.headers().get(HeaderNames.UPGRADE));
    } else {
      requireFinal(call, response.status());
    }
  }

  /** That it can be the status of an answer which leaves the connection what it is. */
  static void requireFinal(ServerExchange call, Status status) {
    if (status.isInformational()) {
      throw new IllegalStateException(
          status + " is no final answer: it is sent with informational(), 101 with a Body.Upgrade");
    }
    if (call.request().method().equals(Method.CONNECT) && status.code() < 300) {
      if (call.request().connectProtocol() != null) {
        throw notSpoken(call.request().connectProtocol());
      }
      // RFC 9110 9.3.6: after such an answer the connection is a tunnel.
      throw new IllegalStateException("a 2xx answer to CONNECT must carry a Body.Upgrade");
    }
  }

  /** An extended CONNECT was routed as the GET it stands for, to a handler that knows only GET. */
  private static HttpError notSpoken(String protocol) {
    return new HttpError(501, "this resource does not speak the protocol '" + protocol + "'");
  }

  private static void refuseUpgrade(Request request, @Nullable String protocol) {
    if (request.version() == Version.HTTP_2 && !request.method().equals(Method.CONNECT)) {
      // RFC 9113 8.6: there it takes an (extended) CONNECT, and no other protocol can be offered.
      throw new HttpError(
          Problem.of(
              Status.of(501), "over HTTP/2 this resource takes an extended CONNECT (RFC 8441)"),
          Headers.EMPTY,
          null);
    }
    if (request.body().length() != 0) {
      throw HttpError.badRequest("a request that takes the connection over must not have a body");
    }
    if (!request.method().equals(Method.CONNECT) && !asksFor(request, protocol)) {
      throw new HttpError(
          Problem.of(Status.of(426), "this resource is only for clients that ask for its protocol"),
          protocol == null ? Headers.EMPTY : Headers.of(HeaderNames.UPGRADE, protocol),
          null);
    }
  }

  /** RFC 9110 7.8: only to what the client named, and never for HTTP/1.0. */
  private static boolean asksFor(Request request, @Nullable String protocol) {
    Headers headers = request.headers();
    return request.version() != Version.HTTP_1_0
        && headers.hasToken(HeaderNames.CONNECTION, "upgrade")
        && (protocol == null || headers.hasToken(HeaderNames.UPGRADE, protocol));
  }

  /** Whether the body is all in our hands: nothing of the user's runs any more to send it. */
  static boolean isHandedOver(Body body) {
    return body instanceof Body.Whole || body instanceof Body.File;
  }

  private static void sendWhole(ServerExchange call, Wire wire, ResponseHead head, Bytes bytes) {
    boolean noBody = call.isHead() || head.status().forbidsBody();
    if (noBody || bytes.length() <= AT_ONCE) {
      ResponseHead sent = call.committing(head);
      boolean withheld = noBody || sent.status().forbidsBody();
      call.sent(withheld ? 0 : bytes.length());
      wire.whole(sent, bytes, withheld);
      call.answered();
    } else {
      OutboundBody out = call.stream(head, bytes.length());
      new BodyPump(call, BodyReader.of(bytes, call.loop()), out).pump();
    }
  }

  private static void sendStream(
      ServerExchange call, Wire wire, ResponseHead head, Response response) throws Exception {
    Body body = response.body();
    OutboundBody out = call.stream(head, lengthOf(body, response));
    if (body instanceof Body.Whole whole) {
      new BodyPump(call, BodyReader.of(whole.bytes(), call.loop()), out).pump();
    } else if (body instanceof Body.Source source) {
      SourcePump.start(call, source, out);
    } else if (body instanceof Body.Producer producer) {
      produce(call, producer, out);
    } else if (body instanceof Body.Output output) {
      BlockingOutput.start(call, output, out);
    } else if (body instanceof Body.File file) {
      sendFile(call, wire, file, out);
    }
  }

  private static void produce(ServerExchange call, Body.Producer producer, OutboundBody out)
      throws Exception {
    if (producer instanceof CallProducer knowing) {
      knowing.produce(call, out);
    } else {
      producer.produce(out);
    }
  }

  private static void sendFile(ServerExchange call, Wire wire, Body.File file, OutboundBody out)
      throws IOException {
    OpenFile open = OpenFile.of(file, call.server());
    // Closed when sent, and else when the call ends in whatever way; closing twice does nothing.
    call.onCancel(cause -> open.close());
    if (wire.takesFiles()) {
      try {
        new FilePump(call, open, out).pump();
      } catch (RuntimeException e) {
        open.close(); // an edit of the head failed: no slice has the file yet
        throw e;
      }
    } else {
      FileSource source = new FileSource(open, call.loop());
      call.onEnd(outcome -> source.close());
      new BodyPump(call, source, out).pump();
    }
  }

  /** The length told in the head: what the body knows, or what the user declared for a stream. */
  private static long lengthOf(Body body, Response response) {
    if (response.trailers() != null) {
      return -1; // HTTP/1.1 has trailers behind chunks only
    }
    if (body instanceof Body.File file) {
      return file.length();
    }
    return body.length() >= 0 ? body.length() : declaredLength(response.headers());
  }

  static long declaredLength(Headers headers) {
    @Nullable String text = headers.get(HeaderNames.CONTENT_LENGTH);
    if (text == null) {
      return -1;
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw new IllegalArgumentException(
          "Content-Length of a response must be a number of bytes, but is '" + text + "'");
    }
    return Long.parseLong(text);
  }

  static HttpError fileChanged(long expected, long found) {
    return new HttpError(
        500, "the file has " + found + " bytes where " + expected + " were announced");
  }
}
