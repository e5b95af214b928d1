/**
 * WebSocket: sessions as Flows for Kotlin, listeners and blocking sessions for Java,
 * permessage-deflate.
 */
@NullMarked
package dev.runnel.ws;

import org.jspecify.annotations.NullMarked;
