package dev.runnel.samples.sessions;

import dev.runnel.hub.Hub;
import dev.runnel.routing.Routes;
import dev.runnel.websocket.Message;
import dev.runnel.ws.BlockingWs;
import dev.runnel.ws.WebSockets;
import dev.runnel.ws.WsChannel;
import dev.runnel.ws.WsListener;
import java.util.concurrent.CompletionStage;

/** WebSocket sessions with the Java face: blocking code, and a listener that holds no thread. */
public final class SessionsJava {
  private final Hub<String> everybody = new Hub<>();

  /** The routes, to be served or mounted somewhere. */
  // snippet:ws-java
  public Routes routes() {
    return Routes.of(
        r ->
            r.get("/echo", req -> WebSockets.blocking(req, SessionsJava::echo))
                .get("/shout", req -> WebSockets.listen(req, new Shouter())));
  }

  private static void echo(BlockingWs session) throws InterruptedException {
    for (Message m = session.receive(); m != null; m = session.receive()) {
      session.send(m); // waits while the peer is slow
    }
  }

  private final class Shouter implements WsListener {
    @Override
    public void onOpen(WsChannel session) {
      session.subscribe(everybody);
    }

    @Override
    public CompletionStage<?> onMessage(WsChannel session, Message message) {
      return everybody.broadcast(message.text()); // the next message is read when this is done
    }
  }
  // end
}
