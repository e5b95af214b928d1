package dev.runnel.dsl

import dev.runnel.io.Loop
import kotlinx.coroutines.CoroutineDispatcher

/**
 * Runs coroutines on this loop: in place when already there, else with one `execute`. Their `delay` and `withTimeout`
 * go by the loop's clock.
 */
public fun Loop.asCoroutineDispatcher(): CoroutineDispatcher = LoopDispatcher.of(this)
