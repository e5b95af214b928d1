/** Server-Sent Events: encoder and parser, a channel and a Flow for Kotlin, a sink for Java. */
@NullMarked
package dev.runnel.sse;

import org.jspecify.annotations.NullMarked;
