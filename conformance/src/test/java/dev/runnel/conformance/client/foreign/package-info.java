/**
 * The client against servers and proxies that others wrote: those of Debian's packages and of Node.
 * Each listens on the loopback for one test class and ends with it; what is not installed is
 * skipped with a word.
 */
@NullMarked
package dev.runnel.conformance.client.foreign;

import org.jspecify.annotations.NullMarked;
