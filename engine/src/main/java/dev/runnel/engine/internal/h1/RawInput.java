package dev.runnel.engine.internal.h1;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What a connection of either end received, for the one who took it over. */
interface RawInput {
  /** What was received and not yet used, or null. */
  @Nullable ByteBuf parked();

  /** Whether the peer has closed its half. */
  boolean hasInputEnded();

  /** Some of it was used: more may be read. */
  void adjustReading();
}
