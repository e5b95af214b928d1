package dev.runnel.peers;

import com.linecorp.armeria.common.websocket.WebSocket;
import com.linecorp.armeria.common.websocket.WebSocketFrame;
import com.linecorp.armeria.common.websocket.WebSocketWriter;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.websocket.WebSocketServiceHandler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Sends each message to all. */
final class Room implements WebSocketServiceHandler {
  private final Set<WebSocketWriter> members = ConcurrentHashMap.newKeySet();

  @Override
  public WebSocket handle(ServiceRequestContext ctx, WebSocket in) {
    WebSocketWriter out = WebSocket.streaming();
    members.add(out);
    out.whenComplete().whenComplete((done, error) -> members.remove(out));
    in.subscribe(new Frames(out, this::toAll));
    return out;
  }

  private void toAll(WebSocketFrame frame) {
    members.forEach(member -> member.tryWrite(frame));
  }
}
