package dev.runnel.engine.internal.netty;

import dev.runnel.engine.ServerStartException;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The file of a Unix domain socket, and the two address types it has. */
final class UnixSocketFile {
  private static final int FILE_TYPE = 0170000;
  private static final int SOCKET = 0140000;

  private UnixSocketFile() {}

  /**
   * A socket that an earlier run left would make binding fail. Anything else that stands there, and
   * a socket that somebody listens on, is not ours to delete.
   */
  static void removeLeftOver(UnixDomainSocketAddress address) {
    Path file = address.getPath();
    try {
      if (isSocket(file) && !isAlive(address)) {
        Files.delete(file);
      } else {
        // Netty's native transports would delete whatever stands there.
        throw new ServerStartException(
            "cannot listen on unix:" + file + ": a file or another server stands there already",
            new FileAlreadyExistsException(file.toString()));
      }
    } catch (NoSuchFileException e) {
      // nothing is left over, or somebody else was first
    } catch (IOException e) {
      throw new ServerStartException(
          "cannot replace the left-over socket " + file + ": " + e.getMessage(), e);
    }
  }

  private static boolean isSocket(Path file) throws IOException {
    // Not isOther(): that is true of pipes and devices as well.
    int mode = (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    return (mode & FILE_TYPE) == SOCKET;
  }

  private static boolean isAlive(UnixDomainSocketAddress address) throws IOException {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false); // a listener with a full backlog would make us wait
      probe.connect(address);
      return true;
    } catch (ConnectException e) {
      return !"Connection refused".equals(e.getMessage());
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
