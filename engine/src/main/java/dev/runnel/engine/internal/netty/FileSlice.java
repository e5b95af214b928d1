package dev.runnel.engine.internal.netty;

import io.netty.channel.DefaultFileRegion;
import java.nio.channels.FileChannel;

/** A part of a file that several writes share: only the last one closes it. */
final class FileSlice extends DefaultFileRegion {
  private final boolean last;

  FileSlice(FileChannel file, long position, long count, boolean last) {
    super(file, position, count);
    this.last = last;
  }

  @Override
  protected void deallocate() {
    if (last) {
      super.deallocate();
    }
  }
}
