package dev.runnel.client;

import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;

/** What a body writes to that is a part of another one: its end is not the end of all. */
final class InnerWriter implements BodyWriter {
  private final BodyWriter outer;
  private final BodySender.Completion then;
  private boolean ended;

  InnerWriter(BodyWriter outer, BodySender.Completion then) {
    this.outer = outer;
    this.then = then;
  }

  @Override
  public boolean write(Bytes bytes) {
    if (ended) {
      throw new IllegalStateException("the body has ended: no more bytes can follow");
    }
    return outer.write(bytes);
  }

  @Override
  public void commit() {
    outer.commit();
  }

  @Override
  public void onWritable(Runnable once) {
    outer.onWritable(once);
  }

  /** Trailers have no place within a body. */
  @Override
  public void end(Headers trailers) {
    if (ended) {
      throw new IllegalStateException("the body has ended already");
    }
    ended = true;
    then.done(null);
  }

  @Override
  public Loop loop() {
    return outer.loop();
  }
}
