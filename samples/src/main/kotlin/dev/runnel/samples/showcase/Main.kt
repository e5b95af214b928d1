package dev.runnel.samples.showcase

import dev.runnel.client.ProxyChoice
import dev.runnel.client.kotlin.HttpClient
import dev.runnel.client.kotlin.httpClient
import dev.runnel.engine.ListenAddress
import dev.runnel.engine.ServerStartException
import dev.runnel.engine.Tls
import dev.runnel.server.Server
import java.net.InetSocketAddress
import java.net.URI
import java.nio.file.Files
import java.nio.file.Path
import java.time.Duration
import kotlin.system.exitProcess

private const val USAGE = "usage: runnel [--port 8080] [--host 127.0.0.1] [--tls-port 8443]"

/** Where the showcase listens; with a TLS port there too, with the development certificate. */
internal data class Place(val port: Int = 8080, val host: String = "127.0.0.1", val tlsPort: Int? = null)

/** Bad input for the command line: one line, exit code 2. */
internal class UsageError(message: String) : Exception(message)

/** Serves the showcase until it is told to stop. */
fun main(args: Array<String>) {
  if ("--help" in args || "-h" in args) {
    println(USAGE)
    return
  }
  val place: Place
  val server =
    try {
      place = place(args.toList())
      start(place)
    } catch (e: UsageError) {
      refuse("${e.message} ($USAGE)")
    } catch (e: ServerStartException) {
      refuse(e.message)
    } catch (e: IllegalArgumentException) {
      refuse(e.message)
    }
  server.stopOnSignal(Server.DEFAULT_DRAIN)
  println(greeting(server, secureUri(server, place)))
  val report = server.awaitStopped()
  println("stopped: $report")
}

private fun refuse(message: String?): Nothing {
  System.err.println("runnel: $message")
  exitProcess(2)
}

internal tailrec fun place(args: List<String>, known: Place = Place()): Place {
  if (args.isEmpty()) return known
  val name = args[0].substringBefore('=')
  val inline = args[0].substringAfter('=', "").ifEmpty { null }
  val value = inline ?: args.getOrNull(1) ?: throw UsageError("$name needs a value")
  val place =
    when (name) {
      "--port" -> known.copy(port = port(name, value))
      "--tls-port" -> known.copy(tlsPort = port(name, value))
      "--host" -> known.copy(host = value)
      else -> throw UsageError("unknown option '$name'")
    }
  return place(args.drop(if (inline == null) 2 else 1), place)
}

private fun port(option: String, text: String): Int =
  text.toIntOrNull()?.takeIf { it in 0..65535 }
    ?: throw UsageError("$option must be a number within 0..65535, but is '$text'")

internal fun start(place: Place): Server {
  val shop = Server.builder().port(0).routes(shopRoutes()).start()
  val client = httpClient { proxies(ProxyChoice.NONE) }
  try {
    val outbound = outboundRoutes(client, shop.uri().toString())
    val builder = Server.builder().port(place.port).host(place.host).routes(showcase(download(), outbound))
    place.tlsPort?.let { builder.listen(ListenAddress.tcp(place.host, it).withTls(Tls.devCertificate())) }
    val server = builder.start()
    val _ = server.stopped().thenRun { leave(client, shop) }
    return server
  } catch (e: RuntimeException) {
    leave(client, shop)
    throw e
  }
}

/** Nobody calls the shop any more. */
private fun leave(client: HttpClient, shop: Server) {
  val _ = client.javaClient.closeAsync(Duration.ZERO)
  val _ = shop.stopAsync(Duration.ZERO)
}

/** The URL of the TLS port, or null. */
internal fun secureUri(server: Server, place: Place): URI? {
  if (place.tlsPort == null) return null
  val port = (server.addresses().last() as InetSocketAddress).port
  return URI("https", null, server.uri().host, port, null, null, null)
}

/** The file behind `/file`. */
private fun download(): Path {
  val file = Files.createTempFile("runnel-showcase", ".txt")
  file.toFile().deleteOnExit()
  return Files.writeString(file, "This line comes from a file.\n".repeat(1000))
}

private fun greeting(server: Server, secure: URI?): String {
  val url = server.uri()
  val http2 = "curl --http2-prior-knowledge $url/json" + (secure?.let { "\ncurl -k $it/json" } ?: "")
  return """
  Runnel showcase on $url (${server.transport()})

  curl $url/
  curl $url/hello/you
  curl -d 'hello' $url/echo
  curl -N $url/stream/50
  curl -d '{"name":"Ada","age":36}' $url/users
  """
    .trimIndent() + "\n$http2"
}
