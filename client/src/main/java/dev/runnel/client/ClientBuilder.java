package dev.runnel.client;

import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.transport.ClientTls;
import dev.runnel.transport.ClientTransport;
import dev.runnel.transport.Destination.Protocol;
import dev.runnel.transport.Proxy;
import dev.runnel.transport.TransportOptions;
import dev.runnel.transport.netty.NettyTransport;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A client to be set up. Not safe for use by several threads. */
public final class ClientBuilder {
  private static final long MOST_HELD = 16 << 20;

  private CallTimeouts timeouts = CallTimeouts.DEFAULT;
  private PoolOptions pool = PoolOptions.DEFAULT;
  private ClientTls tls = ClientTls.DEFAULT;
  private Protocol protocol = Protocol.NEGOTIATED;
  private @Nullable ProxyChoice proxies;
  private Headers headers = Headers.of(HeaderNames.USER_AGENT, "runnel", HeaderNames.ACCEPT, "*/*");
  private long maxHeld = MOST_HELD;
  private RedirectPolicy redirects = RedirectPolicy.DEFAULT;
  private RetryPolicy retries = RetryPolicy.NONE;
  private @Nullable CookieJar cookies;
  private @Nullable HstsStore hsts;
  private @Nullable ContentDecoding decoding = ContentDecoding.DEFAULT;
  private InstantSource wallClock = InstantSource.system();
  private final List<ClientFilter> filters = new ArrayList<>();
  private TransportOptions transportOptions = TransportOptions.DEFAULT;
  private @Nullable ClientTransport transport;

  ClientBuilder() {}

  /** The time limits of calls that have none of their own. */
  public ClientBuilder timeouts(UnaryOperator<CallTimeouts> edit) {
    timeouts = edit.apply(timeouts);
    return this;
  }

  /** How connections are kept. */
  public ClientBuilder pool(UnaryOperator<PoolOptions> edit) {
    pool = edit.apply(pool);
    return this;
  }

  /** How connections are made. */
  public ClientBuilder transport(UnaryOperator<TransportOptions> edit) {
    transportOptions = edit.apply(transportOptions);
    return this;
  }

  /** Makes connections with this, which others may use too; closing the client leaves it open. */
  public ClientBuilder transport(ClientTransport shared) {
    transport = Objects.requireNonNull(shared);
    return this;
  }

  /** How TLS is spoken. */
  public ClientBuilder tls(ClientTls value) {
    tls = Objects.requireNonNull(value);
    return this;
  }

  /** Which version of HTTP is spoken; what ALPN chooses unless set. */
  public ClientBuilder protocol(Protocol value) {
    protocol = Objects.requireNonNull(value);
    return this;
  }

  /** Which proxy is used for what; those of the environment unless set. */
  public ClientBuilder proxies(ProxyChoice value) {
    proxies = Objects.requireNonNull(value);
    return this;
  }

  /** This proxy for everything. */
  public ClientBuilder proxy(Proxy value) {
    return proxies(ProxyChoice.all(value));
  }

  /** A field that all requests have that do not say it themselves. */
  public ClientBuilder header(String name, String value) {
    headers = headers.set(name, value);
    return this;
  }

  /** Without a field that requests have by default: User-Agent or Accept. */
  public ClientBuilder withoutHeader(String name) {
    headers = headers.without(name);
    return this;
  }

  /**
   * How many bytes are held of a body that is read as a whole; 16 MiB unless set. A larger one
   * fails with {@code TOO_LARGE}.
   */
  public ClientBuilder maxHeld(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a limit must not be negative: " + bytes);
    }
    maxHeld = bytes;
    return this;
  }

  /** Which redirects are followed; {@link RedirectPolicy#NONE} for none. */
  public ClientBuilder redirects(RedirectPolicy value) {
    redirects = Objects.requireNonNull(value);
    return this;
  }

  /** What is tried again; nothing unless set, but for connections that turn out to be stale. */
  public ClientBuilder retries(RetryPolicy value) {
    retries = Objects.requireNonNull(value);
    return this;
  }

  /** Keeps cookies in this jar, and sends those it has; none unless set. */
  public ClientBuilder cookies(CookieJar value) {
    cookies = Objects.requireNonNull(value);
    return this;
  }

  /** Remembers which hosts want TLS only; nothing is remembered unless set. */
  public ClientBuilder hsts(HstsStore value) {
    hsts = Objects.requireNonNull(value);
    return this;
  }

  /** How answers are decompressed. */
  public ClientBuilder decoding(ContentDecoding value) {
    decoding = Objects.requireNonNull(value);
    return this;
  }

  /** Asks for no compressed answers, and leaves those that come as they are. */
  public ClientBuilder withoutDecoding() {
    decoding = null;
    return this;
  }

  /** What dates in answers are compared with. */
  public ClientBuilder wallClock(InstantSource value) {
    wallClock = Objects.requireNonNull(value);
    return this;
  }

  /**
   * A filter around each call, the first one outermost, all of them outside of the client's own.
   */
  public ClientBuilder filter(ClientFilter filter) {
    filters.add(Objects.requireNonNull(filter));
    return this;
  }

  /**
   * The client.
   *
   * @throws IllegalArgumentException if the transport does not load here, or a proxy of the
   *     environment is malformed
   */
  public Client build() {
    ProxyChoice choice = proxies == null ? ProxySettings.fromEnvironment() : proxies;
    Client.Settings settings =
        new Client.Settings(
            timeouts, pool, tls, protocol, choice, headers, maxHeld, List.copyOf(chain()));
    boolean owns = transport == null;
    return new Client(
        settings, transport == null ? NettyTransport.open(transportOptions) : transport, owns);
  }

  /** Around the whole call first, around each single request last. */
  private List<ClientFilter> chain() {
    List<ClientFilter> all = new ArrayList<>(filters);
    if (redirects != RedirectPolicy.NONE) {
      all.add(
          ownCallsOnly(new RedirectFilter(redirects, hsts == null ? uri -> uri : hsts::upgrade)));
    }
    // Within redirects: what was asked first may have been done, and need not be done again.
    if (retries != RetryPolicy.NONE) {
      all.add(new RetryFilter(retries, wallClock));
    }
    all.add(new AuthFilter());
    if (hsts != null) {
      all.add(new HstsFilter(hsts));
    }
    if (cookies != null) {
      all.add(forwardsNothing(new CookieFilter(cookies)));
    }
    if (decoding != null) {
      all.add(ownCallsOnly(new DecodingFilter(decoding)));
    }
    return all;
  }

  /** Not around calls that a proxy forwards: their cookies are those of somebody else. */
  private static ClientFilter forwardsNothing(ClientFilter filter) {
    return (request, next) ->
        ReverseProxy.isForwarded(request) ? next.send(request) : filter.apply(request, next);
  }

  /** Nor around those that ask for another protocol, which is given here or nowhere. */
  private static ClientFilter ownCallsOnly(ClientFilter filter) {
    return (request, next) ->
        ReverseProxy.isForwarded(request) || request.attribute(UpgradeWish.KEY) != null
            ? next.send(request)
            : filter.apply(request, next);
  }
}
