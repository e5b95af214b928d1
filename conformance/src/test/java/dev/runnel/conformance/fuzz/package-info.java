/**
 * Coverage-guided fuzzing of what reads bytes from strangers. A target is a class with a method
 * {@code fuzzerTestOneInput}; its seeds run as a plain test in every build, and for some seconds
 * the fuzzer looks for new ones.
 */
@NullMarked
package dev.runnel.conformance.fuzz;

import org.jspecify.annotations.NullMarked;
