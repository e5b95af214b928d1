package dev.runnel.client;

/**
 * How far a transfer has come.
 *
 * @param bytes how many are done; of a resumed download with those that were there
 * @param total how many there will be, or -1 when that is not known
 * @param bytesPerSecond the rate over the last 5 s, by the clock of the transfer's loop; 0 before
 *     any time has passed
 */
public record Progress(long bytes, long total, double bytesPerSecond) {
  /** Hears of progress. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Some more was done, or all: the last one comes with the end. On the loop of the transfer, so
     * it must not block; what it throws fails the transfer.
     */
    void onProgress(Progress progress);
  }
}
