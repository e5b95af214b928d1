/**
 * The contract: every promise of docs/semantics.md as a test, over every transport and with an app
 * in each language.
 */
@NullMarked
package dev.runnel.conformance.contract;

import org.jspecify.annotations.NullMarked;
