/** Servers and clients on a network in memory, for tests. */
@NullMarked
package dev.runnel.transport.memory;

import org.jspecify.annotations.NullMarked;
