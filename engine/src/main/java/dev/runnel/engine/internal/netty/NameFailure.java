package dev.runnel.engine.internal.netty;

import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsErrorCauseException;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Says why a name has no address: that nobody knows it, or that nobody could be asked. */
final class NameFailure {
  private static final int DEPTH = 8;

  private NameFailure() {}

  /** The one that leaves more in doubt: that one family is unknown does not say why all is. */
  static Throwable worse(@Nullable Throwable first, Throwable second) {
    return first != null && !isUnknown(first) ? first : second;
  }

  private static boolean isUnknown(Throwable failure) {
    DnsErrorCauseException said = find(failure, DnsErrorCauseException.class);
    return said == null
        ? failure instanceof UnknownHostException && failure.getCause() == null
        : saysUnknown(said.getCode());
  }

  /** No such name, or a name without addresses of this family. */
  private static boolean saysUnknown(DnsResponseCode code) {
    return code.equals(DnsResponseCode.NXDOMAIN) || code.equals(DnsResponseCode.NXRRSET);
  }

  /** The failure, in words that can stand behind "cannot resolve the name: ". */
  static UnknownHostException of(Throwable failure, Duration patience) {
    UnknownHostException told = new UnknownHostException(words(failure, patience));
    told.initCause(failure);
    return told;
  }

  private static String words(Throwable failure, Duration patience) {
    if (find(failure, DnsNameResolverTimeoutException.class) != null) {
      return "the name servers did not answer within " + patience + " each";
    }
    if (isUnknown(failure)) {
      return "the name servers know no address of it";
    }
    DnsErrorCauseException said = find(failure, DnsErrorCauseException.class);
    if (said == null) {
      return "the name servers cannot be asked: " + failure.getMessage();
    }
    return "the name servers failed: " + said.getMessage();
  }

  private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
    Throwable cause = failure;
    for (int i = 0; i < DEPTH && cause != null; i++, cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }
}
