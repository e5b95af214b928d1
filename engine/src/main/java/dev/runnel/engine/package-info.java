/**
 * The engine's SPI: what a handler, a filter, an observer sees of a running call, and the options
 * of a server.
 */
@NullMarked
package dev.runnel.engine;

import org.jspecify.annotations.NullMarked;
