package dev.runnel.client.kotlin

import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainAll
import java.lang.reflect.Method
import java.lang.reflect.Modifier
import java.nio.file.Files
import java.nio.file.Path
import kotlin.coroutines.Continuation

/** A member wins over an extension without any warning, and two extensions of one shape cannot be called at all. */
class ShadowingTest :
  FunSpec({
    fun extensions(type: Class<*>, folder: String): List<Method> {
      val root = Path.of(type.protectionDomain.codeSource.location.toURI())
      return Files.walk(root).use { files ->
        files
          .map { root.relativize(it).toString() }
          .filter { it.startsWith(folder) && it.endsWith("Kt.class") }
          .toList()
          .map { Class.forName(it.removeSuffix(".class").replace('/', '.')) }
          .flatMap { it.declaredMethods.toList() }
          .filter { Modifier.isPublic(it.modifiers) && Modifier.isStatic(it.modifiers) }
          .filter { it.parameterTypes.firstOrNull()?.name?.startsWith("dev.runnel.") == true }
      }
    }

    fun shape(extension: Method) = extension.parameterTypes.filter { it != Continuation::class.java }

    val ours = extensions(HttpClient::class.java, "dev/runnel/client/kotlin/")

    test("no extension of the client is shadowed by a member") {
      ours.map { it.name } shouldContainAll listOf("text", "bytes", "getBody", "orThrow", "save", "webSocket", "events")
      val shadowed = ours.filter { extension ->
        val members = extension.parameterTypes[0].methods.filter { !Modifier.isStatic(it.modifiers) }
        members.any { it.name == extension.name && it.parameterTypes.toList() == shape(extension).drop(1) }
      }
      shadowed.shouldBeEmpty()
    }

    test("none has the shape of one of the server's DSL") {
      val theirs = extensions(dev.runnel.dsl.RouteScope::class.java, "dev/runnel/dsl/")
      ours.filter { own -> theirs.any { it.name == own.name && shape(it) == shape(own) } }.shouldBeEmpty()
    }
  })
