package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.RouteMatch;
import dev.runnel.engine.TrustedProxies;
import dev.runnel.http.Cookie;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.MediaType;
import dev.runnel.http.Method;
import dev.runnel.http.QueryParams;
import dev.runnel.http.Request;
import dev.runnel.http.RequestBody;
import dev.runnel.http.TlsInfo;
import dev.runnel.http.Uri;
import dev.runnel.http.Version;
import java.net.SocketAddress;
import java.util.IdentityHashMap;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A received request. What costs something is made when it is first asked for; that may be on
 * another thread than the loop (a blocking handler's), but by one thread at a time.
 */
final class ServerRequest implements Request {
  private final ServerExchange call;
  private final WireHead head;
  private final int sequence;
  private volatile @Nullable RouteMatch match;
  private @Nullable QueryParams query;
  private @Nullable String id;
  private @Nullable Forwarded forwarded;
  private @Nullable RequestBody body;
  private volatile @Nullable IdentityHashMap<Key<?>, Object> attributes; // contents: synchronized

  ServerRequest(ServerExchange call, WireHead head, int sequence) {
    this.call = call;
    this.head = head;
    this.sequence = sequence;
  }

  WireHead head() {
    return head;
  }

  void matched(RouteMatch found) {
    match = found;
  }

  @Override
  public Method method() {
    return head.method();
  }

  @Override
  public @Nullable String connectProtocol() {
    return head.protocol();
  }

  @Override
  public String target() {
    return head.target();
  }

  @Override
  public String rawPath() {
    return head.rawPath();
  }

  @Override
  public @Nullable String rawQuery() {
    return head.rawQuery();
  }

  @Override
  public Version version() {
    return head.version();
  }

  /**
   * What the connection is, whatever a client writes into its target or {@code :scheme} (RFC 9110
   * 7.4). A proxy that ends TLS for us is believed there, too.
   */
  @Override
  public String scheme() {
    String said = forwarded().scheme();
    if (said == null && Forwarded.trusts(trusted(), call.connection().remote())) {
      said = head.scheme();
    }
    if (said == null) {
      said = call.connection().isSecure() ? "https" : "http";
    }
    return said;
  }

  @Override
  public String authority() {
    String said = forwarded().host();
    return said != null ? said : head.authority();
  }

  /** What a client writes into Host may be no host: its mistake, and not the handler's. */
  @Override
  public Uri uri() {
    try {
      return Request.super.uri();
    } catch (IllegalArgumentException e) {
      throw HttpError.badRequest("the request names no URL: " + e.getMessage());
    }
  }

  @Override
  public Headers headers() {
    return head.headers();
  }

  @Override
  public String path(String name) {
    String value = pathOrNull(name);
    if (value == null) {
      RouteMatch found = match;
      throw new NoSuchElementException(
          "no path parameter '"
              + name
              + "' in "
              + (found == null ? "a request that no route matched" : "'" + found.pattern() + "'"));
    }
    return value;
  }

  @Override
  public @Nullable String pathOrNull(String name) {
    RouteMatch found = match;
    return found == null ? null : found.param(name);
  }

  @Override
  public @Nullable String routePattern() {
    RouteMatch found = match;
    return found == null ? null : found.pattern();
  }

  @Override
  public QueryParams queryParams() {
    QueryParams parsed = query;
    if (parsed == null) {
      parsed = QueryParams.parse(head.rawQuery());
      query = parsed;
    }
    return parsed;
  }

  @Override
  public @Nullable Cookie cookie(String name) {
    return Cookie.find(head.headers(), name);
  }

  @Override
  public boolean accepts(String mediaType) {
    return MediaType.accepts(head.headers(), mediaType);
  }

  @Override
  public RequestBody body() {
    RequestBody made = body;
    if (made == null) {
      made = new BufferedBody(call, head);
      body = made;
    }
    return made;
  }

  @Override
  public SocketAddress remoteAddress() {
    return forwarded().client();
  }

  @Override
  public SocketAddress localAddress() {
    return call.connection().local();
  }

  @Override
  public @Nullable TlsInfo tls() {
    return call.connection().tls();
  }

  private Forwarded forwarded() {
    Forwarded known = forwarded;
    if (known == null) {
      known = Forwarded.of(call.connection().remote(), head.headers(), trusted());
      forwarded = known;
    }
    return known;
  }

  private TrustedProxies trusted() {
    return call.connection().server().options().trustedProxies();
  }

  @Override
  public String id() {
    String made = id;
    if (made == null) {
      made = call.connection().callId(sequence);
      id = made;
    }
    return made;
  }

  void id(String chosen) {
    id = chosen;
  }

  @Override
  public long nanoTime() {
    return call.loop().nanoTime();
  }

  @Override
  @SuppressWarnings("unchecked") // a key is only ever stored with a value of its type
  public <T> @Nullable T attribute(Key<T> key) {
    // Most requests have none, and each is asked for some: no lock for those.
    IdentityHashMap<Key<?>, Object> known = attributes;
    if (known == null) {
      return null;
    }
    synchronized (this) {
      return (T) known.get(key);
    }
  }

  @Override
  public synchronized <T> void attribute(Key<T> key, @Nullable T value) {
    IdentityHashMap<Key<?>, Object> known = attributes;
    if (known == null) {
      known = new IdentityHashMap<>(4);
      attributes = known;
    }
    if (value == null) {
      known.remove(key);
    } else {
      known.put(key, value);
    }
  }

  /** Method and path: what a log needs to find the call. */
  @Override
  public String toString() {
    return head.method() + " " + head.rawPath();
  }
}
