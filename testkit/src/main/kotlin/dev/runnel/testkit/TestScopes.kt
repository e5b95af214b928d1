package dev.runnel.testkit

import dev.runnel.client.ClientBuilder
import dev.runnel.client.kotlin.EventsOptions
import dev.runnel.client.kotlin.HttpClient
import dev.runnel.client.kotlin.RequestScope
import dev.runnel.client.kotlin.events
import dev.runnel.client.kotlin.suspending
import dev.runnel.client.kotlin.webSocket
import dev.runnel.engine.DrainReport
import dev.runnel.http.Response
import dev.runnel.memory.WireFaults
import dev.runnel.sse.ServerEvent
import dev.runnel.ws.WsClientOptions
import dev.runnel.ws.WsSession
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import kotlin.time.toKotlinDuration
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.future.await
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeout

/**
 * A server for one test, with its clients; what `testServer` gives its block. Calls suspend, and while all are
 * suspended virtual time passes to what happens next.
 */
public class ServerTest
internal constructor(
  /** The server behind: raw peers, time, what was observed. */
  public val server: TestServer,
  private val options: TestOptions,
  private val scope: CoroutineScope,
) {
  private val client = server.client().suspending()

  /** The calls of the server. */
  public val calls: Calls
    get() = server.calls()

  /** The virtual time since the test began. */
  public val elapsed: Duration
    get() = server.elapsed().toKotlinDuration()

  // --- HTTP ---

  /** GET, with the whole answer. */
  public suspend fun get(path: String, build: RequestScope.() -> Unit = {}): TestResponse = request("GET", path, build)

  /** HEAD. */
  public suspend fun head(path: String, build: RequestScope.() -> Unit = {}): TestResponse =
    request("HEAD", path, build)

  /** POST, with the whole answer. */
  public suspend fun post(path: String, build: RequestScope.() -> Unit = {}): TestResponse =
    request("POST", path, build)

  /** PUT, with the whole answer. */
  public suspend fun put(path: String, build: RequestScope.() -> Unit = {}): TestResponse = request("PUT", path, build)

  /** PATCH, with the whole answer. */
  public suspend fun patch(path: String, build: RequestScope.() -> Unit = {}): TestResponse =
    request("PATCH", path, build)

  /** DELETE, with the whole answer. */
  public suspend fun delete(path: String, build: RequestScope.() -> Unit = {}): TestResponse =
    request("DELETE", path, build)

  /** Sends a request of this method, and reads the whole answer. */
  public suspend fun request(method: String, path: String, build: RequestScope.() -> Unit = {}): TestResponse =
    patiently("$method $path") {
      val response = client.request(method, server.url(path), build)
      val body = response.content().bytesAsync().await()
      TestResponse("$method $path", response, body, response.trailers()?.get() ?: dev.runnel.http.Headers.EMPTY)
    }

  /** Sends a request, and gives the answer when its head is there: its body is for the caller to read. */
  public suspend fun open(method: String, path: String, build: RequestScope.() -> Unit = {}): Response =
    patiently("the head of the answer to $method $path") { client.request(method, server.url(path), build) }

  /** A client of Kotlin's face, with connections of its own; closed with the server. */
  public fun client(edit: (ClientBuilder) -> ClientBuilder = { it }): HttpClient = server.client(edit).suspending()

  // --- events ---

  /** Asks for a stream of events, and collects them while the test goes on. It does not reconnect unless it is told. */
  public fun sse(
    path: String,
    options: EventsOptions = EventsOptions(reconnect = false),
    build: RequestScope.() -> Unit = {},
  ): TestEvents {
    val own = server.client { it }.suspending()
    val events = TestEvents(server, "GET $path")
    events.job =
      scope.launch(start = CoroutineStart.UNDISPATCHED) {
        events.collect { own.events(server.url(path), options, build).collect { events.add(it) } }
      }
    server.runCurrent()
    return events
  }

  // --- WebSocket ---

  /** Opens a session, and runs the block with it, as the client does: it is closed with 1000 at the end. */
  public suspend fun webSocket(
    path: String,
    session: WsClientOptions = WsClientOptions.DEFAULT,
    build: RequestScope.() -> Unit = {},
    block: suspend WsSession.() -> Unit,
  ): Unit = client.webSocket(server.url(path), session, build, block)

  // --- raw ---

  /** A connection of raw bytes. */
  public fun raw(faults: WireFaults? = null): RawPeer = server.raw(faults)

  /** A scripted HTTP/2 client, which has greeted the server. */
  public fun http2(faults: WireFaults? = null): Http2Peer = server.http2(faults)

  // --- time ---

  /** Lets virtual time pass; what is due in it happens. */
  public fun advance(time: Duration): Unit = server.advance(time.toJavaDuration())

  /** Runs what is ready, without letting time pass. */
  public fun runCurrent(): Unit = server.runCurrent()

  /** Lets time pass until no call is active. */
  public fun idle(): Unit = server.idle()

  /** Stops the server as its operator would. */
  public suspend fun stop(drain: Duration): DrainReport =
    patiently("the server to stop") { server.stop(drain.toJavaDuration()).await() }

  internal suspend fun <T> patiently(what: String, block: suspend () -> T): T {
    var done = false
    try {
      return withTimeout(options.patience().toKotlinDuration()) { block().also { done = true } }
    } catch (e: kotlinx.coroutines.TimeoutCancellationException) {
      if (done) throw e
      throw AssertionError("waited ${options.patience()} in vain for $what; calls: ${calls.all()}", e)
    }
  }
}

/** Events of a stream as they come in. */
public class TestEvents internal constructor(private val server: TestServer, private val asked: String) {
  internal var job: kotlinx.coroutines.Job? = null
  private val all = CopyOnWriteArrayList<ServerEvent>() // over TCP they come on another thread
  private var read = 0

  /** What ended the stream, or null. */
  public var failure: Throwable? = null
    private set

  /** Whether it is over. */
  public val isEnded: Boolean
    get() = job?.isCompleted == true

  internal fun add(event: ServerEvent) {
    all += event
  }

  internal suspend fun collect(block: suspend () -> Unit) {
    try {
      block()
    } catch (e: kotlinx.coroutines.CancellationException) {
      throw e
    } catch (e: Exception) {
      failure = e
    }
  }

  /** All events until now, and from the next call on those that came since: what is ready is run before. */
  public fun received(): List<ServerEvent> {
    server.runCurrent()
    val news = all.drop(read)
    read += news.size
    return news
  }

  /** Waits for the next event. */
  public fun next(): ServerEvent {
    server.until({ all.size > read || isEnded }, "the next event")
    check(all.size > read) { "the stream ended${failure?.let { ": $it" } ?: ""}" }
    return all[read++]
  }

  /** What was asked, and what came until now, for failures. */
  override fun toString(): String {
    val end = failure?.let { "failed with $it" } ?: if (isEnded) "is over" else "goes on"
    return "$asked: ${all.size} events, and the stream $end" +
      all.takeLast(SHOWN).joinToString("") { "\n  ${line(it)}" }
  }

  /** The client is gone: its connection is closed, or its stream reset. */
  public fun vanish() {
    job?.cancel()
    server.runCurrent()
  }
}

/** Events that a failure shows: the last ones. */
private const val SHOWN = 20

private fun line(event: ServerEvent) =
  listOfNotNull(event.event()?.let { "event $it" }, event.id()?.let { "id $it" }, "data ${event.data()}").joinToString()
