/**
 * Netty: transports, event loops, the one channel handler that feeds a protocol machine, and the
 * server's life.
 */
@NullMarked
package dev.runnel.engine.internal.netty;

import org.jspecify.annotations.NullMarked;
