package dev.runnel.conformance.websocket

import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.createDirectories
import kotlin.io.path.deleteRecursively
import kotlin.io.path.exists
import kotlin.io.path.readText
import kotlin.io.path.writeText
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.intOrNull
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive

private const val PATIENCE_SECONDS = 240L

private const val SCRIPT =
  """
import sys, json
from autobahntestsuite import wstest
wstest.start({'mode': 'fuzzingclient'}, json.loads(open(sys.argv[1]).read()))
"""

/**
 * The fuzzing client of the Autobahn suite, as Maven Central has it inside of a plugin: Python 2, run by Jython in a
 * process of its own. It speaks HTTP/1.1 in clear.
 */
class Autobahn(private val agent: String) {
  /** What it says about a case: the id is the suite's. */
  data class Verdict(
    val id: String,
    val behavior: String,
    val closing: String,
    val closeCode: Int?,
    val closeFrames: Int,
    val result: String,
  )

  private val target: Path = Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolve("target")
  private val programs: Path = target.resolve("autobahn")
  private val directory: Path = target.resolve("autobahn-$agent")

  /** Runs these cases (patterns as `1.*`) against a port of this machine. */
  fun run(port: Int, path: String, cases: List<String>): List<Verdict> {
    @OptIn(kotlin.io.path.ExperimentalPathApi::class) directory.deleteRecursively()
    val reports = directory.createDirectories().resolve("reports")
    val spec = directory.resolve("spec.json")
    spec.writeText(spec("ws://127.0.0.1:$port$path", reports, cases))
    val script = directory.resolve("run.py")
    script.writeText(SCRIPT)
    play(listOf(script.toString(), spec.toString()))
    return verdicts(reports)
  }

  private fun spec(url: String, reports: Path, cases: List<String>) =
    """
    {"options": {"failByDrop": false}, "outdir": "$reports",
     "servers": [{"agent": "$agent", "url": "$url", "options": {"version": 18}}],
     "cases": [${cases.joinToString { "\"$it\"" }}], "exclude-cases": [], "exclude-agent-cases": {}}
    """
      .trimIndent()

  private fun play(arguments: List<String>) {
    val log = directory.resolve("autobahn.log")
    val command =
      listOf(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Dpython.cachedir.skip=true",
        "-cp",
        listOf(jar("jython-standalone"), jar("autobahntestsuite-maven-plugin")).joinToString(":"),
        "org.python.util.jython",
      )
    val process = ProcessBuilder(command + arguments).redirectErrorStream(true).redirectOutput(log.toFile()).start()
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) throw AssertionError("Autobahn does not end; see $log")
    } finally {
      val unused = process.destroyForcibly()
    }
  }

  private fun jar(name: String): Path {
    val jar = programs.resolve("$name.jar")
    if (!jar.exists()) throw AssertionError("$jar is not there: mvn process-test-resources puts it there")
    return jar
  }

  private fun verdicts(reports: Path): List<Verdict> {
    val index = reports.resolve("index.json")
    if (!index.exists()) throw AssertionError("Autobahn wrote no report; see ${directory.resolve("autobahn.log")}")
    val all = Json.parseToJsonElement(index.readText()).jsonObject.getValue(agent).jsonObject
    return all.map { (id, summary) -> verdict(id, summary.jsonObject, reports) }
  }

  private fun verdict(id: String, summary: JsonObject, reports: Path): Verdict {
    val file = reports.resolve(summary.getValue("reportfile").jsonPrimitive.content)
    val report = Json.parseToJsonElement(file.readText()).jsonObject
    val closeFrames = report.getValue("rxFrameStats").jsonObject["8"]?.jsonPrimitive?.intOrNull ?: 0
    return Verdict(
      id,
      text(summary, "behavior"),
      text(summary, "behaviorClose"),
      (summary["remoteCloseCode"] as? JsonPrimitive)?.intOrNull,
      closeFrames,
      text(report, "result"),
    )
  }

  private fun text(of: JsonObject, name: String) = of.getValue(name).jsonPrimitive.content
}
