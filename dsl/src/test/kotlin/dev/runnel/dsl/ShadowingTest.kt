package dev.runnel.dsl

import dev.runnel.http.Request
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainAll
import java.lang.reflect.Method
import java.lang.reflect.Modifier
import java.nio.file.Files
import java.nio.file.Path
import kotlin.coroutines.Continuation

/** A member wins over an extension without any warning: an extension of ours that a Java member shadows is dead. */
class ShadowingTest :
  FunSpec({
    val ours = Path.of(RouteScope::class.java.protectionDomain.codeSource.location.toURI())

    /** Functions of our files whose first parameter may be a receiver of the engine's. */
    fun extensions(): List<Method> =
      Files.walk(ours).use { files ->
        files
          .map { ours.relativize(it).toString() }
          .filter { it.startsWith("dev/runnel/dsl/") && it.endsWith("Kt.class") }
          .toList()
          .map { Class.forName(it.removeSuffix(".class").replace('/', '.')) }
          .flatMap { it.declaredMethods.toList() }
          .filter { Modifier.isPublic(it.modifiers) && Modifier.isStatic(it.modifiers) }
          .filter { it.parameterTypes.firstOrNull()?.name?.startsWith("dev.runnel.") == true }
      }

    fun shadows(extension: Method): Boolean {
      val receiver = extension.parameterTypes[0]
      val rest = extension.parameterTypes.drop(1).filter { it != Continuation::class.java }
      val members = receiver.methods.filter { !Modifier.isStatic(it.modifiers) } // statics are not found on a value
      return members.any { it.name == extension.name && it.parameterTypes.toList() == rest }
    }

    test("no extension of ours is shadowed by a member of the engine") {
      val found = extensions()
      found.map { it.name } shouldContainAll listOf("getPath", "getQuery", "getBody", "text", "bytes", "form", "json")
      found.filter(::shadows).shouldBeEmpty()
    }

    test("the engine's request and response have no member that would shadow the ones to come") {
      val reserved = setOf("text", "bytes", "form", "json")
      val members = Request::class.java.methods.filter { it.parameterCount == 0 && it.name in reserved }
      members.shouldBeEmpty()
    }
  })
