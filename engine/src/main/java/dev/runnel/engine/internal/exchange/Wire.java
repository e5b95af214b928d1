package dev.runnel.engine.internal.exchange;

import dev.runnel.http.Headers;
import dev.runnel.http.RawConnection;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import java.nio.channels.FileChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a version must do for one call. HTTP/1.1 and HTTP/2 offer exactly this, and the exchange
 * above it never asks which one it talks to. Everything here happens on the loop; what is written
 * leaves in one flush at the end of the loop's turn.
 */
public interface Wire {
  // --- the answer ---

  /** An informational head (1xx), if the version of the peer has such. */
  void informational(Status status, Headers headers);

  /** Promises an answer to a GET of this target, and has it run; says whether it did. */
  default boolean push(String target, Headers headers) {
    return false;
  }

  /**
   * The final head and the whole body.
   *
   * @param headOnly the body is not sent, but its length is told (HEAD)
   */
  void whole(ResponseHead head, Bytes body, boolean headOnly);

  /**
   * The final head of a body that follows.
   *
   * @param length bytes of the body, or -1 when unknown; 0 with {@code noBody} says nothing about a
   *     length
   * @param noBody nothing follows but {@link #end} (HEAD, 204, 304)
   */
  void head(ResponseHead head, long length, boolean noBody);

  /** Bytes of the body. */
  void data(Bytes bytes);

  /** Whether a file can go to the peer without passing through the heap. */
  boolean takesFiles();

  /**
   * Bytes of the body from a file.
   *
   * @param last the file is closed once these are sent
   */
  void file(FileChannel file, long position, int count, boolean last);

  /** Whether few enough bytes wait for the peer that more may be handed over. */
  boolean writable();

  /** The end of the body. */
  void end(Headers trailers);

  /** The exchange has ended, its listeners were told: the connection may go on to its next call. */
  void over();

  /** Gives the answer up, so that the peer sees a failure and never a short success. */
  void abort(CancelReason reason);

  /** The head of an answer that takes the connection over, and the connection. */
  void takeOver(ResponseHead head, Consumer<RawConnection> taker);

  // --- the request's body ---

  /**
   * The next bytes of the body. Null means that it has ended ({@link #bodyEnded}) or that more is
   * needed: the wire then reads on, and calls {@link InboundBody#ready} when it has something.
   *
   * @throws dev.runnel.http.HttpError if the peer broke the framing
   * @throws dev.runnel.engine.CallCancelledException if the peer left before the end
   */
  @Nullable Bytes readBody();

  /** Whether asking for bytes may give some at once. */
  boolean bodyReady();

  /** Whether the end of the body was seen and all its bytes were read. */
  boolean bodyEnded();

  /** The trailer section behind the body. */
  Headers trailers();

  /** Why an answer is given up. */
  enum CancelReason {
    /** It failed on our side. */
    FAILED,
    /** The peer is gone or the connection must go. */
    GONE
  }
}
