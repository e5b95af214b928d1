package dev.runnel.peers;

import com.linecorp.armeria.common.websocket.CloseWebSocketFrame;
import com.linecorp.armeria.common.websocket.WebSocketFrame;
import com.linecorp.armeria.common.websocket.WebSocketWriter;
import java.util.function.Consumer;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Takes the frames of a session one at a time, and answers those of control. */
final class Frames implements Subscriber<WebSocketFrame> {
  private final WebSocketWriter out;
  private final Consumer<WebSocketFrame> message;
  private Subscription subscription;

  Frames(WebSocketWriter out, Consumer<WebSocketFrame> message) {
    this.out = out;
    this.message = message;
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    this.subscription = subscription;
    subscription.request(1);
  }

  @Override
  public void onNext(WebSocketFrame frame) {
    switch (frame.type()) {
      case TEXT, BINARY, CONTINUATION -> message.accept(frame);
      case PING -> out.writePong(frame.array());
      case CLOSE -> close((CloseWebSocketFrame) frame);
      default -> {}
    }
    subscription.request(1);
  }

  private void close(CloseWebSocketFrame frame) {
    if (frame.status() == null) {
      out.close();
    } else {
      out.close(frame.status());
    }
  }

  @Override
  public void onError(Throwable cause) {
    out.close(cause);
  }

  @Override
  public void onComplete() {
    out.close();
  }
}
