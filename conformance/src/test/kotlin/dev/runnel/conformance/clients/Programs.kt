package dev.runnel.conformance.clients

import dev.runnel.engine.Tls
import dev.runnel.routing.Router
import dev.runnel.server.LiveServer
import dev.runnel.server.Server
import java.io.File
import java.nio.file.Path
import java.time.Duration
import java.util.concurrent.TimeUnit
import kotlin.io.path.createDirectories
import kotlin.io.path.readText
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

/** The directory that programs of a test may fill. */
internal fun workplace(name: String): Path =
  Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("target").resolve(name).createDirectories()

/** The first of these programs that is installed, or null. */
internal fun installed(vararg names: String): Path? =
  names
    .flatMap { name -> System.getenv("PATH").orEmpty().split(File.pathSeparator).map { Path.of(it, name) } }
    .firstOrNull { it.toFile().canExecute() }

/** What a program left. */
internal data class Ended(val code: Int, val output: String)

/** Runs a program to its end; what it says stands in a file. */
internal fun run(directory: Path, seconds: Long, vararg command: String): Ended {
  val log = directory.resolve(Path.of(command.first()).fileName.toString() + ".log")
  val process =
    ProcessBuilder(command.toList())
      .directory(directory.toFile())
      .redirectError(directory.resolve("errors.log").toFile())
      .redirectOutput(log.toFile())
      .start()
  try {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) throw AssertionError("${command.toList()} does not end; see $log")
  } finally {
    val unused = process.destroyForcibly()
  }
  return Ended(process.exitValue(), log.readText())
}

/** The report of a client: the name of each check, and what went wrong with it or null. */
internal fun results(report: String): Map<String, String?> =
  Json.parseToJsonElement(report).jsonObject.mapValues { it.value.jsonPrimitive.contentOrNull }

/** A server for these clients; the watchdog is off, because it goes by the wall clock and loaded machines are slow. */
fun serve(endpoints: ClientEndpoints, tls: Tls? = null): LiveServer {
  val builder = Server.builder().port(0).handler(Router.of(endpoints.routes())).options { it.watchdog(Duration.ZERO) }
  if (tls != null) builder.tls(tls)
  return LiveServer.start(builder)
}
