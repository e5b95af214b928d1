package dev.runnel.testkit;

import dev.runnel.memory.LaneFaults.Fragments;
import dev.runnel.memory.WireFaults;
import java.time.Duration;

/**
 * What can happen to a connection, by name. Each begins with nothing else happening; combine them
 * by {@link WireFaults#toServer} and {@link WireFaults#toClient}.
 */
public final class Faults {
  private static final WireFaults NONE = WireFaults.NONE;

  private Faults() {}

  /** Both directions arrive in these pieces, each of which is read by itself. */
  public static WireFaults fragment(Fragments pieces) {
    return NONE.toServer(l -> l.withFragments(pieces)).toClient(l -> l.withFragments(pieces));
  }

  /** Both directions arrive byte by byte. */
  public static WireFaults everyByte() {
    return fragment(Fragments.EVERY_BYTE);
  }

  /** Both directions arrive in random pieces, by the seed. */
  public static WireFaults randomPieces() {
    return fragment(Fragments.random());
  }

  /** The client takes so many bytes in a second. */
  public static WireFaults slowReader(long bytesPerSecond) {
    return NONE.toClient(l -> l.withBytesPerSecond(bytesPerSecond).withCapacity(16 << 10));
  }

  /** The client takes no more after so many bytes. */
  public static WireFaults stalledReader(long afterBytes) {
    return NONE.toClient(l -> l.withStallAt(afterBytes).withCapacity(16 << 10));
  }

  /** What the client sends arrives at so many bytes in a second. */
  public static WireFaults slowWriter(long bytesPerSecond) {
    return NONE.toServer(l -> l.withBytesPerSecond(bytesPerSecond));
  }

  /** What the client sends stops arriving after so many bytes. */
  public static WireFaults stalledWriter(long afterBytes) {
    return NONE.toServer(l -> l.withStallAt(afterBytes));
  }

  /** The server sees the end of the client's half after so many bytes. */
  public static WireFaults halfClose(long afterBytes) {
    return NONE.toServer(l -> l.withEndAt(afterBytes));
  }

  /** The connection is reset when so many bytes came from the client. */
  public static WireFaults resetAfterSending(long bytes) {
    return NONE.toServer(l -> l.withResetAt(bytes));
  }

  /** The connection is reset when so many bytes came to the client. */
  public static WireFaults resetAfterReceiving(long bytes) {
    return NONE.toClient(l -> l.withResetAt(bytes));
  }

  /** The connection is reset in front of the n-th HTTP/2 frame of the client, from 0. */
  public static WireFaults resetAtFrame(int frame) {
    return NONE.toServer(l -> l.withResetAtFrame(frame));
  }

  /** Both directions are this late. */
  public static WireFaults delay(Duration each) {
    return NONE.toServer(l -> l.withDelay(each)).toClient(l -> l.withDelay(each));
  }

  /** So many silent connections are made beside each that is used. */
  public static WireFaults duplicateConnect(int companions) {
    return NONE.withCompanions(companions);
  }

  /** The client never opens its HTTP/2 windows further: its WINDOW_UPDATE frames are lost. */
  public static WireFaults windowNeverOpened() {
    return NONE.toServer(l -> l.withoutWindowUpdates());
  }
}
