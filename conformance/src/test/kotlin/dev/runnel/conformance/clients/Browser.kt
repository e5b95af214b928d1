package dev.runnel.conformance.clients

import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.ExperimentalPathApi
import kotlin.io.path.createDirectories
import kotlin.io.path.deleteRecursively

private const val LEAVE_SECONDS = 10L

/** A headless Chromium with a profile of its own, which is thrown away. */
internal class Browser(program: Path, url: String, private val directory: Path) : AutoCloseable {
  private val profile = directory.resolve("profile")
  private val process: Process

  init {
    discardProfile()
    val command =
      listOf(
        program.toString(),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--ignore-certificate-errors",
        "--user-data-dir=${profile.createDirectories()}",
        url,
      )
    process =
      ProcessBuilder(command).redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile()).start()
  }

  @OptIn(ExperimentalPathApi::class) private fun discardProfile() = profile.deleteRecursively()

  override fun close() {
    val all = process.descendants().toList() + process.toHandle()
    all.forEach {
      val unused = it.destroyForcibly()
    }
    val ended = process.waitFor(LEAVE_SECONDS, TimeUnit.SECONDS)
    check(ended) { "the browser does not end; see ${directory.resolve("log")}" }
  }

  internal companion object {
    /** The browser that is installed, or null. */
    fun program(): Path? = installed("chromium", "chromium-browser", "google-chrome")
  }
}
