package dev.runnel.websocket;

import dev.runnel.io.Bytes;

/** How an end of a session makes frames of payloads: each call is one frame that is sent once. */
@FunctionalInterface
interface Framing {
  /**
   * @param first opcode and flags
   */
  Bytes frame(int first, Bytes payload);

  /** Without a mask for a server's frames, with a fresh key for each of a client's. */
  static Framing of(Role role) {
    return role == Role.SERVER
        ? Frames::frame
        : (first, payload) -> Frames.masked(first, payload, MaskKeys.next());
  }
}
