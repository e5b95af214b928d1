package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.io.Loop;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The body of an answer while it is still on its way. Whoever lets go of it without reading it
 * holds a connection: that is found out when the object is collected, said in the log, and mended.
 */
final class AnswerBody implements Body.Source {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.client");
  private static final Cleaner CLEANER = Cleaner.create();

  private final Held held;
  private final Cleaner.Cleanable watch;

  /**
   * @param what its text names the call where it is forgotten
   */
  AnswerBody(BodyReader reader, Object what) {
    this.held = new Held(reader, what);
    this.watch = CLEANER.register(this, held);
  }

  /** What must not refer to the body itself. */
  private static final class Held implements Runnable {
    private final BodyReader reader;
    private final Object what;
    private final AtomicBoolean taken = new AtomicBoolean();

    Held(BodyReader reader, Object what) {
      this.reader = reader;
      this.what = what;
    }

    /** The body was collected, or is not to be watched any more. */
    @Override
    public void run() {
      if (taken.compareAndSet(false, true)) {
        LOG.warn(
            "the body of the answer to {} was neither read nor discarded: its connection was held"
                + " until the object was collected",
            what);
        drop();
      }
    }

    void drop() {
      reader.loop().execute(reader::cancel);
    }
  }

  @Override
  public long length() {
    return held.reader.length();
  }

  @Override
  public Loop home() {
    return held.reader.loop();
  }

  /**
   * @throws IllegalStateException if it was read or discarded before
   */
  @Override
  public BodyReader open() {
    if (!held.taken.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "the body of the answer to " + held.what + " was read or discarded before");
    }
    watch.clean();
    return held.reader;
  }

  @Override
  public void discard() {
    if (held.taken.compareAndSet(false, true)) {
      watch.clean();
      held.drop();
    }
  }
}
