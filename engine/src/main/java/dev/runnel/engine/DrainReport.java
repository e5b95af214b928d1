package dev.runnel.engine;

/**
 * What became of the calls that were in flight when the server was told to stop.
 *
 * @param finished ended by themselves
 * @param cancelled were cancelled at the deadline and ended within the grace
 * @param abandoned had still not ended after the grace
 * @param detachedFinished detached work that ended by itself
 * @param detachedCancelled detached work that was cancelled at the deadline
 * @param connections connections that were open
 */
public record DrainReport(
    int finished,
    int cancelled,
    int abandoned,
    int detachedFinished,
    int detachedCancelled,
    int connections) {}
