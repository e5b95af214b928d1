package dev.runnel.client;

import dev.runnel.http.Request;
import dev.runnel.http.Response;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Downloads to files. The content goes to a temporary file beside the target, and into its place
 * when it is whole, checked and safely on the disk: at no time is there a part of it under the
 * target's name. Nothing is left of a download that fails or is cancelled, unless it is to be
 * resumed ({@link DownloadOptions#withResume}).
 *
 * <p>The disk is never waited for on a loop. At most 256 KiB of what came are not written yet; a
 * slow disk slows the server down.
 */
public final class Downloads {
  private Downloads() {}

  /**
   * Starts a download. Folders that are missing are created.
   *
   * <p>The future completes on a thread that does disk work, of which there are few: what takes
   * long belongs elsewhere ({@code thenApplyAsync}). Cancelling it, or completing it otherwise,
   * gives the call up and then cleans the disk up. It fails with
   *
   * <ul>
   *   <li>{@link StatusException} where the answer is no success;
   *   <li>{@link DownloadException} where the target, the disk, the length or the checksum is
   *       wrong;
   *   <li>what {@code send}, or reading the body, failed with: {@link
   *       dev.runnel.transport.ClientException}.
   * </ul>
   *
   * @param send sends a request, without blocking; cancelling its stage gives the call up
   * @param request what to download, most often a GET. Accept-Encoding is set to {@code identity}:
   *     lengths, ranges and checksums are those of the file itself
   * @param target the file
   * @throws IllegalArgumentException if the request has a Range of its own
   */
  public static CompletableFuture<Downloaded> start(
      Function<? super Request, ? extends CompletionStage<Response>> send,
      Request request,
      Path target,
      DownloadOptions options) {
    return start(send, request, target, options, ClientThreads.DISK);
  }

  static CompletableFuture<Downloaded> start(
      Function<? super Request, ? extends CompletionStage<Response>> send,
      Request request,
      Path target,
      DownloadOptions options,
      Executor threads) {
    if (request.headers().contains("Range") || request.headers().contains("If-Range")) {
      throw new IllegalArgumentException(
          "a download asks for ranges itself (withResume); remove Range and If-Range");
    }
    return new Download(send, request, target, options, new DiskQueue(threads)).start();
  }
}
