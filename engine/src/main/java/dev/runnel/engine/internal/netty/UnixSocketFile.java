package dev.runnel.engine.internal.netty;

import dev.runnel.engine.ServerStartException;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** The file of a Unix domain socket, and the two address types it has. */
final class UnixSocketFile {
  private UnixSocketFile() {}

  /**
   * A socket that an earlier run left would make binding fail; anything else that stands there is
   * not ours to delete.
   */
  static void removeLeftOver(UnixDomainSocketAddress address) {
    Path file = address.getPath();
    try {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
          && Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .isOther()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new ServerStartException(
          "cannot replace the left-over socket " + file + ": " + e.getMessage(), e);
    }
  }

  /** Native transports have an address type of their own. */
  static SocketAddress nettyAddress(UnixDomainSocketAddress address, TransportKit transport) {
    return transport.isNative() ? new DomainSocketAddress(address.getPath().toFile()) : address;
  }

  static SocketAddress jdkAddress(SocketAddress address) {
    return address instanceof DomainSocketAddress unix
        ? UnixDomainSocketAddress.of(unix.path())
        : address;
  }
}
