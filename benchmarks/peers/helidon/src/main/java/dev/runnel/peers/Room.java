package dev.runnel.peers;

import io.helidon.common.buffers.BufferData;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** Sends each frame to all; a session has no lock of its own, so one at a time sends. */
final class Room implements WsListener {
  private final Set<WsSession> sessions = ConcurrentHashMap.newKeySet();
  private final ReentrantLock sending = new ReentrantLock();

  @Override
  public void onOpen(WsSession session) {
    sessions.add(session);
  }

  @Override
  public void onMessage(WsSession session, String text, boolean last) {
    toAll(each -> each.send(text, last));
  }

  @Override
  public void onMessage(WsSession session, BufferData buffer, boolean last) {
    byte[] bytes = buffer.readBytes();
    toAll(each -> each.send(BufferData.create(bytes), last));
  }

  @Override
  public void onClose(WsSession session, int status, String reason) {
    sessions.remove(session);
  }

  @Override
  public void onError(WsSession session, Throwable error) {
    sessions.remove(session);
  }

  private void toAll(Consumer<WsSession> send) {
    sending.lock();
    try {
      for (WsSession session : sessions) {
        try {
          send.accept(session);
        } catch (RuntimeException e) {
          sessions.remove(session);
        }
      }
    } finally {
      sending.unlock();
    }
  }
}
