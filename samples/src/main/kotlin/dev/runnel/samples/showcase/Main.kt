package dev.runnel.samples.showcase

import dev.runnel.engine.ServerStartException
import dev.runnel.server.Server
import java.nio.file.Files
import java.nio.file.Path
import kotlin.system.exitProcess

private const val USAGE = "usage: runnel [--port 8080] [--host 127.0.0.1]"

/** Where the showcase listens. */
internal data class Place(val port: Int = 8080, val host: String = "127.0.0.1")

/** Bad input for the command line: one line, exit code 2. */
internal class UsageError(message: String) : Exception(message)

/** Serves the showcase until it is told to stop. */
fun main(args: Array<String>) {
  if ("--help" in args || "-h" in args) {
    println(USAGE)
    return
  }
  val server =
    try {
      start(place(args.toList()))
    } catch (e: UsageError) {
      refuse("${e.message} ($USAGE)")
    } catch (e: ServerStartException) {
      refuse(e.message)
    } catch (e: IllegalArgumentException) {
      refuse(e.message)
    }
  server.stopOnSignal(Server.DEFAULT_DRAIN)
  println(greeting(server))
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
      "--port" -> known.copy(port = port(value))
      "--host" -> known.copy(host = value)
      else -> throw UsageError("unknown option '$name'")
    }
  return place(args.drop(if (inline == null) 2 else 1), place)
}

private fun port(text: String): Int =
  text.toIntOrNull()?.takeIf { it in 0..65535 }
    ?: throw UsageError("--port must be a number within 0..65535, but is '$text'")

internal fun start(place: Place): Server =
  Server.builder().port(place.port).host(place.host).routes(showcase(download())).start()

/** The file behind `/file`. */
private fun download(): Path {
  val file = Files.createTempFile("runnel-showcase", ".txt")
  file.toFile().deleteOnExit()
  return Files.writeString(file, "This line comes from a file.\n".repeat(1000))
}

private fun greeting(server: Server): String {
  val url = server.uri()
  return """
  Runnel showcase on $url (${server.transport()})

  curl $url/
  curl $url/hello/you
  curl -d 'hello' $url/echo
  curl -N $url/stream/50
  curl -d '{"name":"Ada","age":36}' $url/users
  """
    .trimIndent()
}
