package dev.runnel.client.kotlin

import dev.runnel.client.Client
import dev.runnel.client.ClientBuilder
import dev.runnel.client.CookieJar
import dev.runnel.client.HstsStore
import dev.runnel.client.MemoryCookieJar
import dev.runnel.client.ProxyChoice
import dev.runnel.client.RedirectPolicy
import dev.runnel.client.RetryPolicy
import dev.runnel.dsl.Next
import dev.runnel.dsl.asFunction
import dev.runnel.engine.Filter
import dev.runnel.http.Request
import dev.runnel.http.Response
import dev.runnel.transport.ClientTls
import dev.runnel.transport.Destination.Protocol
import dev.runnel.transport.Proxy
import kotlin.time.Duration
import kotlin.time.toJavaDuration

/**
 * A client: `httpClient { timeouts(call = 5.seconds); use { request, next -> next(request) } }`. With an empty block it
 * has all defaults: redirects are followed, the proxies of the environment used, no cookies kept.
 */
public fun httpClient(build: HttpClientScope.() -> Unit = {}): HttpClient = HttpClientScope().apply(build).build()

/** A client to be set up. */
@ClientDsl
public class HttpClientScope internal constructor() {
  private val filters = ArrayList<suspend (Request, Next) -> Response>()

  /** What Java's face has beside this. */
  public val javaBuilder: ClientBuilder = Client.builder()

  /**
   * Time limits of calls that have none of their own, by the loop's clock. [Duration.ZERO] is none; null leaves what is
   * said at [dev.runnel.client.CallTimeouts].
   */
  public fun timeouts(
    connect: Duration? = null,
    tls: Duration? = null,
    queue: Duration? = null,
    head: Duration? = null,
    bodyStall: Duration? = null,
    call: Duration? = null,
    expectContinue: Duration? = null,
  ): Unit = set {
    timeouts { default ->
      var set = default
      connect?.let { set = set.withConnect(it.toJavaDuration()) }
      tls?.let { set = set.withTls(it.toJavaDuration()) }
      queue?.let { set = set.withQueue(it.toJavaDuration()) }
      head?.let { set = set.withHead(it.toJavaDuration()) }
      bodyStall?.let { set = set.withBodyStall(it.toJavaDuration()) }
      call?.let { set = set.withCall(it.toJavaDuration()) }
      expectContinue?.let { set = set.withExpectContinue(it.toJavaDuration()) }
      set
    }
  }

  /** How connections are kept; null leaves what is said at [dev.runnel.client.PoolOptions]. */
  public fun pool(
    perOrigin: Int? = null,
    waiting: Int? = null,
    idle: Duration? = null,
    age: Duration? = null,
  ): Unit = set {
    pool { default ->
      var set = default
      perOrigin?.let { set = set.withPerOrigin(it) }
      waiting?.let { set = set.withWaiting(it) }
      idle?.let { set = set.withIdle(it.toJavaDuration()) }
      age?.let { set = set.withAge(it.toJavaDuration()) }
      set
    }
  }

  /** How TLS is spoken: `tls { trust(Path("ca.pem")) }`. */
  public fun tls(build: ClientTls.Builder.() -> Unit): Unit = tls(ClientTls.builder().apply(build).build())

  /** How TLS is spoken. */
  public fun tls(value: ClientTls): Unit = set { tls(value) }

  /** Which version of HTTP is spoken; what ALPN chooses unless set. */
  public fun protocol(value: Protocol): Unit = set { protocol(value) }

  /** This proxy for everything, as a URL: `http://host:3128`, `socks5h://user:password@host`. */
  public fun proxy(url: String): Unit = set { proxy(Proxy.of(url)) }

  /** Which proxy is used for what; [ProxyChoice.NONE] for none. Those of the environment unless set. */
  public fun proxies(choice: ProxyChoice): Unit = set { proxies(choice) }

  /** Keeps cookies, and sends those it has. */
  public fun cookies(jar: CookieJar = MemoryCookieJar()): Unit = set { cookies(jar) }

  /** Which redirects are followed; [RedirectPolicy.NONE] for none. */
  public fun redirects(policy: RedirectPolicy): Unit = set { redirects(policy) }

  /** Tries again what may be. */
  public fun retries(policy: RetryPolicy = RetryPolicy.DEFAULT): Unit = set { retries(policy) }

  /** Remembers which hosts want TLS only. */
  public fun hsts(store: HstsStore = HstsStore()): Unit = set { hsts(store) }

  /** A field that all requests have that do not say it themselves. */
  public fun header(name: String, value: String): Unit = set { header(name, value) }

  /** How many bytes are held of a body that is read as a whole; 16 MiB unless set. */
  public fun maxHeld(bytes: Long): Unit = set { maxHeld(bytes) }

  /**
   * Puts a filter around each call, behind those written before it and outside of all of the client's own (redirects,
   * retries, cookies, decoding). It runs in the caller's coroutine, and may call `next` several times. An answer that
   * it does not pass on is given up with the call's scope, or by [use][Response.use].
   */
  public fun use(filter: suspend (request: Request, next: Next) -> Response) {
    filters += filter
  }

  /**
   * Puts filters around each call that the DSL's `filter { }` made, the first one outermost.
   *
   * @throws IllegalArgumentException for filters made otherwise, which work on a server's call
   */
  public fun use(vararg filters: Filter) {
    for (filter in filters) {
      this.filters +=
        requireNotNull(filter.asFunction()) { "only filters that filter { } made can stand in a client: $filter" }
    }
  }

  private inline fun set(set: ClientBuilder.() -> ClientBuilder) {
    val unused = javaBuilder.set()
  }

  internal fun build() = HttpClient(javaBuilder.build(), filters)
}
