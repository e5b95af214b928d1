/**
 * The client's way to a server: dialling, and calls on one connection, whatever version it speaks.
 * Pools, redirects and everything else a user knows of a client stand on it in a module of their
 * own.
 */
@NullMarked
package dev.runnel.transport;

import org.jspecify.annotations.NullMarked;
