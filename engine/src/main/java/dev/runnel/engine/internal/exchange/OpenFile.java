package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.ServerContext;
import dev.runnel.http.Body;
import dev.runnel.http.Request;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open file behind a body, and where the sending has come to. */
final class OpenFile {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.call");
  private static final Request.Key<ExecutorService> READERS = Request.Key.of("file readers");
  // Disks answer a few requests at a time; more threads would only wait in line.
  private static final int READER_THREADS = 4;

  final FileChannel channel;
  final ExecutorService readers;
  long position;
  long remaining;

  private OpenFile(FileChannel channel, Body.File body, ExecutorService readers) {
    this.channel = channel;
    this.readers = readers;
    this.position = body.offset();
    this.remaining = body.length();
  }

  static OpenFile of(Body.File body, ServerContext server) throws IOException {
    FileChannel channel = FileChannel.open(body.path(), StandardOpenOption.READ);
    OpenFile open = new OpenFile(channel, body, server.shared(READERS, OpenFile::readers));
    try {
      long size = channel.size();
      if (size < body.offset() + body.length()) {
        // Found out now it is an error answer; found out later only a broken response.
        throw Answers.fileChanged(body.offset() + body.length(), size);
      }
    } catch (IOException | RuntimeException e) {
      open.close();
      throw e;
    }
    return open;
  }

  private static ExecutorService readers() {
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            READER_THREADS,
            READER_THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "runnel-file-reader");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.warn("could not close a file that was sent", e);
    }
  }
}
