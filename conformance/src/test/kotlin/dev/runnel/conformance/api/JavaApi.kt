package dev.runnel.conformance.api

import java.lang.module.ModuleDescriptor
import java.lang.reflect.AnnotatedType
import java.lang.reflect.Constructor
import java.lang.reflect.Executable
import java.lang.reflect.Field
import java.lang.reflect.Method
import java.lang.reflect.Modifier
import java.lang.reflect.TypeVariable
import org.jspecify.annotations.Nullable

/** The packages that the engine exports. */
internal fun exportedByEngine(): Set<String> =
  JavaApi::class
    .java
    .classLoader
    .getResources("module-info.class")
    .asSequence()
    .map { url -> url.openStream().use(ModuleDescriptor::read) }
    .first { it.name() == "dev.runnel.engine" }
    .exports()
    .map { it.source() }
    .toSet()

/** What users of Java can name: the public and protected parts of exported packages. */
internal class JavaApi(private val classes: List<Class<*>>, private val exported: Set<String>) {

  fun text(): String =
    classes
      .filter { it.packageName in exported && isSeen(it) }
      .groupBy { it.packageName }
      .map { (name, members) -> "package $name\n\n" + members.joinToString("\n") { describe(it) } }
      .joinToString("\n")

  private fun isSeen(type: Class<*>): Boolean =
    !type.isAnonymousClass && isSeen(type.modifiers) && (type.enclosingClass?.let { isSeen(it) } ?: true)

  private fun isSeen(modifiers: Int) = Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers)

  private fun describe(type: Class<*>): String {
    val members = fields(type).sorted() + constructors(type).sorted() + methods(type).sorted()
    return members.joinToString("", header(type) + "\n") { "  $it\n" }
  }

  private fun header(type: Class<*>): String {
    val kind =
      when {
        type.isAnnotation -> "annotation"
        type.isInterface -> "interface"
        type.isEnum -> "enum"
        type.isRecord -> "record"
        else -> "class"
      }
    val parents = listOfNotNull(type.genericSuperclass.takeIf { kind == "class" && type.superclass != Any::class.java })
    val all = (parents + type.genericInterfaces).joinToString { short(it.typeName) }
    val sealed = if (type.isSealed) "sealed " else ""
    val generics = typeParameters(type.typeParameters)
    val modifiers = if (kind == "class") modifiers(type.modifiers and Modifier.STATIC.inv()) else ""
    return "$modifiers$sealed$kind ${short(type.name)}$generics" + if (all.isEmpty()) "" else " : $all"
  }

  private fun fields(type: Class<*>): List<String> =
    type.declaredFields.filter { isSeen(it.modifiers) && !it.isSynthetic }.map { field(type, it) }

  private fun field(type: Class<*>, field: Field) =
    if (field.isEnumConstant) field.name
    else modifiers(field.modifiers, type) + type(field.annotatedType) + " " + field.name

  private fun constructors(type: Class<*>): List<String> =
    type.declaredConstructors.filter { isSeen(it.modifiers) && !it.isSynthetic }.map { constructor(it) }

  private fun constructor(it: Constructor<*>) =
    modifiers(it.modifiers, it.declaringClass) + "new " + short(it.declaringClass.name) + parameters(it)

  private fun methods(type: Class<*>): List<String> =
    type.declaredMethods
      .filter { isSeen(it.modifiers) && !it.isSynthetic && !it.isBridge }
      .filterNot { it.name in givenByCompiler(type) }
      .map { method(it) }

  private fun givenByCompiler(type: Class<*>): Set<String> =
    when {
      type.isEnum -> setOf("values", "valueOf")
      type.isRecord -> setOf("equals", "hashCode", "toString")
      else -> emptySet()
    }

  private fun method(it: Method): String {
    val default = if (it.isDefault) "default " else ""
    val generics = typeParameters(it.typeParameters).let { text -> if (text.isEmpty()) "" else "$text " }
    val result = type(it.annotatedReturnType)
    return modifiers(it.modifiers, it.declaringClass) + default + generics + result + " " + it.name + parameters(it)
  }

  private fun parameters(executable: Executable): String {
    val types = executable.annotatedParameterTypes
    val all = executable.parameters.mapIndexed { i, parameter -> type(types[i]) + " " + parameter.name }
    val thrown = executable.genericExceptionTypes.joinToString { short(it.typeName) }
    return all.joinToString(", ", "(", ")") + if (thrown.isEmpty()) "" else " throws $thrown"
  }

  private fun type(annotated: AnnotatedType): String =
    short(annotated.type.typeName) + if (annotated.isAnnotationPresent(Nullable::class.java)) "?" else ""

  private fun typeParameters(all: Array<out TypeVariable<*>>): String {
    if (all.isEmpty()) return ""
    return all.joinToString(", ", "<", ">") { variable ->
      val bounds = variable.bounds.filter { it != Any::class.java }.joinToString(" & ") { short(it.typeName) }
      variable.name + if (bounds.isEmpty()) "" else " extends $bounds"
    }
  }

  /** Without what does not concern callers, and what an interface's members are anyway. */
  private fun modifiers(modifiers: Int, owner: Class<*>? = null): String {
    val implied = if (owner?.isInterface == true) Modifier.ABSTRACT else 0
    val silent = Modifier.PUBLIC or Modifier.SYNCHRONIZED or Modifier.TRANSIENT or Modifier.VOLATILE or Modifier.STRICT
    val left = modifiers and (silent or implied or Modifier.NATIVE).inv() and Modifier.INTERFACE.inv()
    return Modifier.toString(left).let { if (it.isEmpty()) "" else "$it " }
  }
}
