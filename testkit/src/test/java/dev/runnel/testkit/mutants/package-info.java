/**
 * Bugs put into the server on purpose, one at a time, and the proof that the suite of the harness
 * notices each.
 */
@NullMarked
package dev.runnel.testkit.mutants;

import org.jspecify.annotations.NullMarked;
