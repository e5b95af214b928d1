package dev.runnel.engine.internal.tls;

import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says why a handshake failed, in words for who dialled. */
public final class TlsFailures {
  /** The JDK's words for an alert of the peer, and BoringSSL's. */
  private static final Pattern ALERT =
      Pattern.compile(
          "Received fatal alert: ([a-z_]+)|(?:SSLV3|TLSV1|TLSV1_3|TLSV13)_ALERT_([A-Z_0-9]+)");

  private static final int DEPTH = 16;

  private TlsFailures() {}

  /** The reason, as a sentence that stands behind "TLS with … failed: ". */
  public static String words(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; i < DEPTH && cause != null; i++, cause = cause.getCause()) {
      if (cause instanceof ServerTrust.Distrust) {
        return String.valueOf(cause.getMessage());
      }
      if (cause instanceof NotSslRecordException) {
        return "the server does not speak TLS there; is it http, or another port?";
      }
      String alert = alert(String.valueOf(cause.getMessage()));
      if (alert != null) {
        return "the server sent the alert " + alert + meaning(alert);
      }
    }
    return plain(failure);
  }

  /** The alert that a peer ended the connection with, in words, or null if it did not. */
  public static @Nullable String alertIn(@Nullable Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; i < DEPTH && cause != null; i++, cause = cause.getCause()) {
      String alert = alert(String.valueOf(cause.getMessage()));
      if (alert != null) {
        return "TLS alert " + alert + meaning(alert);
      }
    }
    return null;
  }

  private static @Nullable String alert(String message) {
    Matcher matcher = ALERT.matcher(message);
    if (!matcher.find()) {
      return null;
    }
    String jdk = matcher.group(1);
    return jdk != null ? jdk : matcher.group(2).toLowerCase(Locale.ROOT);
  }

  /** RFC 8446 6.2, as far as a user can do something about it. */
  private static String meaning(String alert) {
    return switch (alert) {
      case "handshake_failure", "insufficient_security" ->
          " (no cipher in common, or it wants a certificate of ours)";
      case "protocol_version" -> " (no version of TLS in common)";
      case "certificate_required" -> " (it wants a certificate of ours: set an identity)";
      case "bad_certificate",
          "unsupported_certificate",
          "certificate_revoked",
          "certificate_expired",
          "certificate_unknown",
          "unknown_ca",
          "access_denied" ->
          " (it does not take our certificate, or wants one)";
      case "unrecognized_name" -> " (it has no such host)";
      case "no_application_protocol" -> " (it speaks none of the protocols offered by ALPN)";
      default -> "";
    };
  }

  private static String plain(Throwable failure) {
    if (failure instanceof ClosedChannelException || isClosed(failure)) {
      return "the server closed the connection in the middle of the handshake";
    }
    if (failure instanceof IOException && failure.getMessage() != null) {
      return failure.getMessage();
    }
    return String.valueOf(failure);
  }

  private static boolean isClosed(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message.contains("Connection closed while SSL/TLS handshake was in progress")
        || message.contains("SSLEngine closed already");
  }
}
