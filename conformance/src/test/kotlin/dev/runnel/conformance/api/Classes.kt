package dev.runnel.conformance.api

import java.nio.file.FileSystems
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.isDirectory
import kotlin.streams.asSequence

/** The classes of a module, be it a folder of classes or a jar. */
internal object Classes {
  fun of(member: Class<*>): List<Class<*>> {
    val place = Path.of(member.protectionDomain.codeSource.location.toURI())
    val names =
      if (place.isDirectory()) names(place) else FileSystems.newFileSystem(place).use { names(it.getPath("/")) }
    return names.map { Class.forName(it, false, member.classLoader) }
  }

  private fun names(root: Path): List<String> =
    Files.walk(root).use { all ->
      all
        .asSequence()
        .map { root.relativize(it).toString().replace('\\', '/') }
        .filter { it.endsWith(".class") && !it.endsWith("-info.class") && !it.startsWith("META-INF") }
        .map { it.removeSuffix(".class").replace('/', '.') }
        .sorted()
        .toList()
    }
}

/** Leaves out the packages that a reader knows anyway. */
internal fun short(signature: String): String =
  signature
    .replace(
      Regex(
        "\\b(java\\.(lang|util|time|net|io|nio(\\.file|\\.charset)?|security)(\\.function|\\.concurrent)?)\\.(?=[A-Z])"
      ),
      "",
    )
    .replace(
      Regex(
        "\\b(kotlin(\\.collections|\\.time|\\.reflect)?|kotlinx\\.(coroutines|serialization)(\\.flow|\\.json)?)\\.(?=[A-Z])"
      ),
      "",
    )
    .replace(Regex("\\bdev\\.runnel\\.[a-z]+\\.(?=[A-Z])"), "")
    .replace(Regex(" /\\* = .*? \\*/"), "") // what an alias stands for
    .replace('$', '.')
