package dev.runnel.client;

import dev.runnel.http.BodyReader;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.transport.ClientException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A body with one content coding undone, decoded as it is polled: at most one piece is ahead of
 * what was taken, and nothing is asked of the coded body before all that came of it is used.
 */
final class DecodedReader implements BodyReader {
  /** What is decoded at a time. */
  static final int PIECE = 16 << 10;

  private final BodyReader coded;
  private final String coding;
  private final DecodingBudget budget;
  private @Nullable StreamDecoder decoder;
  private byte @Nullable [] scratch;
  private boolean begun;
  private boolean hasInput;
  private boolean ended;
  private long produced;
  private @Nullable RuntimeException failure;

  DecodedReader(BodyReader coded, String coding, StreamDecoder decoder, DecodingBudget budget) {
    this.coded = coded;
    this.coding = coding;
    this.decoder = decoder;
    this.budget = budget;
  }

  @Override
  public @Nullable Bytes poll() {
    if (failure != null) {
      throw failure;
    }
    StreamDecoder live = decoder;
    if (live == null) {
      return null;
    }
    try {
      return next(live);
    } catch (CodingException e) {
      throw giveUp(undecodable(live, e));
    } catch (RuntimeException | LinkageError e) {
      throw giveUp(e);
    }
  }

  private @Nullable Bytes next(StreamDecoder live) throws CodingException {
    while (true) {
      if (hasInput) {
        Bytes piece = decode(live);
        if (piece != null) {
          return piece;
        }
        hasInput = false;
      }
      Bytes more = coded.poll();
      if (more == null) {
        if (coded.ended()) {
          end(live);
        }
        return null;
      }
      if (!more.isEmpty()) {
        begun = true;
        hasInput = true;
        budget.received(this, more.length());
        live.feed(more);
      }
    }
  }

  private @Nullable Bytes decode(StreamDecoder live) throws CodingException {
    byte[] room = scratch == null ? new byte[PIECE] : scratch;
    scratch = room;
    int count = live.decode(room);
    if (count == 0) {
      return null;
    }
    produced += count;
    budget.check(this, produced);
    if (count < room.length) {
      return Bytes.Unsafe.wrap(Arrays.copyOf(room, count));
    }
    scratch = null;
    return Bytes.Unsafe.wrap(room);
  }

  /** A body without a byte is an empty one, though no coding makes nothing of nothing. */
  private void end(StreamDecoder live) throws CodingException {
    if (begun && !live.isComplete()) {
      throw new CodingException("it ends before it is whole");
    }
    ended = true;
    release();
  }

  private ClientException undecodable(StreamDecoder live, CodingException e) {
    return new ClientException(
        ClientException.Reason.CONTENT_DECODING,
        "the body cannot be decoded from "
            + coding
            + " at or before byte "
            + live.position()
            + " of what was sent: "
            + e.getMessage(),
        false,
        e);
  }

  /** What is left of the coded body is of no use to anybody. */
  private RuntimeException giveUp(Throwable error) {
    failure =
        error instanceof RuntimeException known
            ? known
            : new ClientException(
                ClientException.Reason.CONTENT_DECODING,
                "the decoder of " + coding + " does not work",
                false,
                error);
    release();
    coded.cancel();
    return failure;
  }

  private void release() {
    StreamDecoder live = decoder;
    decoder = null;
    scratch = null;
    if (live != null) {
      live.close();
    }
  }

  String coding() {
    return coding;
  }

  @Override
  public boolean ended() {
    return ended;
  }

  /**
   * The wake may come before there is a decoded byte: coded ones may decode to none yet, and
   * finding that out is left to the poll that asks.
   */
  @Override
  public void onReady(Runnable once) {
    if (hasInput || decoder == null) {
      loop().execute(once);
    } else {
      coded.onReady(once);
    }
  }

  @Override
  public void cancel() {
    if (ended || failure != null) {
      return;
    }
    failure =
        new ClientException(
            ClientException.Reason.CANCELLED, "the body was given up, and cannot be read further");
    release();
    coded.cancel();
  }

  @Override
  public Headers trailers() {
    return coded.trailers();
  }

  @Override
  public long length() {
    return -1;
  }

  @Override
  public Loop loop() {
    return coded.loop();
  }
}
