/**
 * Clients that mean harm or know no better, over TCP: thousands that vanish, dawdle or flood. What
 * they do to themselves is their affair; other clients and the server's memory must not notice.
 */
package dev.runnel.conformance.hostile;
