/**
 * A network in memory for tests: byte pipes that behave as sockets do, a clock that somebody else
 * moves, and faults on demand. Nothing here knows HTTP or a channel.
 */
@NullMarked
package dev.runnel.memory;

import org.jspecify.annotations.NullMarked;
