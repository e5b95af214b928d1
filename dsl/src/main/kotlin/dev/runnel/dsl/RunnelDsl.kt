package dev.runnel.dsl

/** Marks the receivers of the DSL, so that the inner one hides the outer: a `GET` inside a handler does not compile. */
@DslMarker @Target(AnnotationTarget.CLASS, AnnotationTarget.TYPE) public annotation class RunnelDsl
