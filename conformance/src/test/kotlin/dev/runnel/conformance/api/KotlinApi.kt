package dev.runnel.conformance.api

import com.tngtech.archunit.core.importer.ClassFileImporter
import kotlin.jvm.internal.Reflection
import kotlin.reflect.KCallable
import kotlin.reflect.KClass
import kotlin.reflect.KFunction
import kotlin.reflect.KMutableProperty
import kotlin.reflect.KParameter
import kotlin.reflect.KProperty
import kotlin.reflect.KType
import kotlin.reflect.KTypeParameter
import kotlin.reflect.KVisibility
import kotlin.reflect.full.declaredMembers
import kotlin.reflect.jvm.javaMethod

/**
 * What users of a Kotlin module can name, in Kotlin's words; internal functions marked `@PublishedApi` too, because
 * they are compiled into their users. Type aliases are not seen: the compiler writes them out.
 */
internal class KotlinApi(private val classes: List<Class<*>>) {
  private val published: Set<String> =
    ClassFileImporter()
      .importClasses(classes)
      .flatMap { it.methods }
      .filter { it.isAnnotatedWith("kotlin.PublishedApi") }
      .map { it.owner.name + "." + it.name }
      .toSet()

  fun text(): String {
    val (facades, types) = classes.filterNot { it.isSynthetic }.partition { isFacade(it) }
    val functions = facades.mapNotNull { facade(it) }
    val declared = types.filter { it.isAnnotationPresent(Metadata::class.java) }.map { it.kotlin }
    return (functions + declared.filter { isSeen(it) }.map { describe(it) }).joinToString("\n")
  }

  private fun isFacade(type: Class<*>) = type.getAnnotation(Metadata::class.java)?.kind == FILE_FACADE

  private fun facade(type: Class<*>): String? {
    val members = Reflection.getOrCreateKotlinPackage(type).members.filter { isSeen(it) }
    if (members.isEmpty()) return null
    return members.map { describe(it) }.sorted().joinToString("", "file ${short(type.name)}\n") { "  $it\n" }
  }

  private fun isSeen(type: KClass<*>): Boolean =
    // Objects and lambdas that the compiler made have no name.
    type.qualifiedName != null &&
      (type.visibility == KVisibility.PUBLIC || type.visibility == KVisibility.PROTECTED) &&
      (type.java.enclosingClass?.let { isSeen(it.kotlin) } ?: true)

  private fun isSeen(member: KCallable<*>): Boolean =
    when (member.visibility) {
      KVisibility.PUBLIC,
      KVisibility.PROTECTED -> true
      KVisibility.INTERNAL -> isPublished(member)
      else -> false
    }

  private fun isPublished(member: KCallable<*>): Boolean {
    val method = (member as? KFunction<*>)?.javaMethod ?: return false
    return method.declaringClass.name + "." + method.name in published
  }

  private fun describe(type: KClass<*>): String {
    val kind =
      listOfNotNull(
          "sealed".takeIf { type.isSealed },
          "abstract".takeIf { type.isAbstract && !type.java.isInterface },
          "open".takeIf { type.isOpen },
          "data".takeIf { type.isData },
          "value".takeIf { type.isValue },
          if (type.java.isAnnotation) "annotation" else if (type.java.isInterface) "interface" else "class",
        )
        .joinToString(" ")
    val parents = type.supertypes.map { it.toString() }.filterNot { it == "kotlin.Any" || it.endsWith(".Annotation") }
    val all = parents.joinToString { short(it) }
    val members =
      type.constructors.filter { isSeen(it) }.map { "constructor" + parameters(it.parameters) }.sorted() +
        type.declaredMembers.filter { isSeen(it) }.map { describe(it) }.sorted()
    val header = "$kind ${short(checkNotNull(type.qualifiedName))}" + if (all.isEmpty()) "" else " : $all"
    return members.joinToString("", header + "\n") { "  $it\n" }
  }

  private fun describe(member: KCallable<*>): String {
    val receiver = member.parameters.firstOrNull { it.kind == KParameter.Kind.EXTENSION_RECEIVER }
    val before = visibility(member) + modifiers(member)
    val generics = typeParameters(member.typeParameters)
    val name = (receiver?.let { "${short(it.type.toString())}." } ?: "") + member.name
    val rest = if (member is KFunction<*>) parameters(member.parameters) else ""
    return "$before$generics$name$rest: ${short(member.returnType.toString())}"
  }

  private fun visibility(member: KCallable<*>) =
    when (member.visibility) {
      KVisibility.INTERNAL -> "@PublishedApi internal "
      KVisibility.PROTECTED -> "protected "
      else -> ""
    }

  private fun modifiers(member: KCallable<*>): String {
    val deprecated = member.annotations.filterIsInstance<Deprecated>().firstOrNull()
    val function = member as? KFunction<*>
    return listOfNotNull(
        deprecated?.let { "@Deprecated(${it.level})" },
        "abstract".takeIf { member.isAbstract },
        "open".takeIf { member.isOpen },
        "suspend".takeIf { member.isSuspend },
        "inline".takeIf { function?.isInline == true },
        "infix".takeIf { function?.isInfix == true },
        "operator".takeIf { function?.isOperator == true },
        if (member is KMutableProperty<*>) "var" else if (member is KProperty<*>) "val" else "fun",
      )
      .joinToString(" ", postfix = " ")
  }

  private fun typeParameters(all: List<KTypeParameter>): String {
    if (all.isEmpty()) return ""
    return all.joinToString(", ", "<", "> ") { parameter ->
      val bounds = parameter.upperBounds.map { it.toString() }.filterNot { it == "kotlin.Any?" }
      val reified = if (parameter.isReified) "reified " else ""
      reified + parameter.name + if (bounds.isEmpty()) "" else " : " + bounds.joinToString(" & ") { short(it) }
    }
  }

  private fun parameters(all: List<KParameter>): String =
    all
      .filter { it.kind == KParameter.Kind.VALUE }
      .joinToString(", ", "(", ")") {
        val vararg = if (it.isVararg) "vararg " else ""
        "$vararg${it.name}: ${type(it.type)}" + if (it.isOptional) " = …" else ""
      }

  private fun type(type: KType): String {
    val text = short(type.toString())
    if (type.annotations.none { it is ExtensionFunctionType }) return text
    return text.replaceFirst(Regex("\\(([^,)]+)(, )?"), "$1.(")
  }

  private companion object {
    /** See `kotlin.Metadata.kind`. */
    const val FILE_FACADE = 2
  }
}
