/**
 * The suite of the harness: short scenarios of what the server promises, each with assertions and a
 * leak check of its own, in memory and under virtual time. They run as they are, and against every
 * mutant of the server.
 */
@NullMarked
package dev.runnel.testkit.suite;

import org.jspecify.annotations.NullMarked;
