/**
 * The client against the world: servers that break rules or harm, calls that are given up anywhere,
 * and peers that are slow. Over TCP on the loopback, the hostile ones played by plain sockets.
 */
package dev.runnel.conformance.client;
