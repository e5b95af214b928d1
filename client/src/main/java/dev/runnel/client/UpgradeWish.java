package dev.runnel.client;

import dev.runnel.http.Headers;
import dev.runnel.http.Request;
import dev.runnel.http.Version;
import java.util.function.Function;

/**
 * Another protocol that a call asks for (RFC 9110 7.8, RFC 8441).
 *
 * @param protocol its name: {@code websocket}
 * @param handshake its own fields, by version
 */
record UpgradeWish(String protocol, Function<Version, Headers> handshake) {
  static final Request.Key<UpgradeWish> KEY = Request.Key.of("upgrade");

  Headers fields(Version version, Headers request) {
    Headers all = request;
    if (version != Version.HTTP_2) {
      all = all.with("Connection", "Upgrade").with("Upgrade", protocol);
    }
    for (Headers.Field field : handshake.apply(version)) {
      all = all.with(field.name(), field.value());
    }
    return all;
  }
}
