package dev.runnel.hub;

/**
 * What a hub did so far. Each number is exact when nothing happens meanwhile; they are not read at
 * one moment.
 *
 * @param subscribers how many there are now
 * @param broadcasts messages that were broadcast
 * @param delivered messages in the transport's hands, counted per subscriber
 * @param dropped messages that a subscriber did not get because it was slow, counted per
 *     subscriber: they gave way to newer ones, or waited for one that was closed for its slowness
 * @param closedSlow subscribers that were closed for their slowness
 */
public record HubStats(
    int subscribers, long broadcasts, long delivered, long dropped, long closedSlow) {}
