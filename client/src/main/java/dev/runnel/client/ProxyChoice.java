package dev.runnel.client;

import dev.runnel.http.Uri;
import dev.runnel.transport.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Says through which proxy a request goes. Asked on the loop of a call, by many at once: it must
 * not wait.
 */
@FunctionalInterface
public interface ProxyChoice {
  /** No proxy for anything. */
  ProxyChoice NONE = uri -> null;

  /** The proxy for this URL, or null to connect directly. */
  @Nullable Proxy proxyFor(Uri uri);

  /** One proxy for everything. */
  static ProxyChoice all(Proxy proxy) {
    return uri -> proxy;
  }

  /** This, but connecting directly where a list in the form of {@code no_proxy} says so. */
  default ProxyChoice except(String noProxy) {
    NoProxy direct = NoProxy.parse(noProxy);
    return uri -> direct.matches(uri) ? null : proxyFor(uri);
  }
}
