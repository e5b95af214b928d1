package dev.runnel.engine.internal.exchange;

/** Sends a file in slices that the transport takes from the file itself (sendfile). */
final class FilePump {
  // Bounded, because a slice that is not in the page cache holds the loop while the disk reads it.
  private static final int SLICE = 256 << 10;

  private final ServerExchange call;
  private final OpenFile file;
  private final OutboundBody out;

  FilePump(ServerExchange call, OpenFile file, OutboundBody out) {
    this.call = call;
    this.file = file;
    this.out = out;
  }

  void pump() {
    if (call.isOver()) {
      return;
    }
    boolean writable = true;
    while (writable && file.remaining > 0) {
      int count = (int) Math.min(SLICE, file.remaining);
      long from = file.position;
      file.position += count;
      file.remaining -= count;
      writable = out.writeFile(file.channel, from, count, file.remaining == 0);
    }
    if (file.remaining > 0) {
      out.onWritable(this::pump);
    } else {
      if (!call.isCommitted() || out.isWithheld()) {
        file.close(); // empty or not wanted: no slice took it along
      }
      out.end(call.responseTrailers());
    }
  }
}
