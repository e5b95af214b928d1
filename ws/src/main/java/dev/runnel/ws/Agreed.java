package dev.runnel.ws;

import dev.runnel.engine.CallLife;
import dev.runnel.http.RawConnection;
import dev.runnel.websocket.CloseReason;
import dev.runnel.websocket.FrameLink;
import dev.runnel.websocket.FrameOptions;
import dev.runnel.websocket.Role;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What both ends agreed on for a session, as one of them has to keep it: the same for every face.
 *
 * @param protocol the sub-protocol, or null
 * @param deflate how messages are compressed, or null if they are not
 * @param leaveWithin how long code of the user's may run on after the session was closed
 */
record Agreed(
    Role role,
    @Nullable String protocol,
    FrameOptions frames,
    @Nullable DeflateTerms deflate,
    Duration leaveWithin) {
  /** The session on its connection; it has not started yet. */
  FrameLink link(CallLife call, RawConnection connection, Consumer<CloseReason> onClosed) {
    return new FrameLink(
        role, call, connection, frames, deflate == null ? null : deflate.codec(), onClosed);
  }
}
