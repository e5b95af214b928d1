/**
 * The HTTP/2 machine (RFC 9113): frames, streams, windows, limits, wire. Reads and writes buffers,
 * knows no channel.
 */
@NullMarked
package dev.runnel.engine.internal.h2;

import org.jspecify.annotations.NullMarked;
