package dev.runnel.peers;

import com.linecorp.armeria.common.websocket.WebSocket;
import com.linecorp.armeria.common.websocket.WebSocketWriter;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.websocket.WebSocketServiceHandler;

/** Sends each message back. */
final class Echo implements WebSocketServiceHandler {
  @Override
  public WebSocket handle(ServiceRequestContext ctx, WebSocket in) {
    WebSocketWriter out = WebSocket.streaming();
    in.subscribe(new Frames(out, out::tryWrite));
    return out;
  }
}
