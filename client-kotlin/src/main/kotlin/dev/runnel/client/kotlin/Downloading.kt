package dev.runnel.client.kotlin

import dev.runnel.client.DownloadOptions
import dev.runnel.client.Downloaded
import dev.runnel.client.Downloads
import dev.runnel.client.Progress
import dev.runnel.http.Method
import java.nio.file.Path
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.future.future
import kotlinx.coroutines.supervisorScope

/**
 * Downloads to a file that is whole or not there; see [Downloads]. Cancelling gives the call up and cleans the disk up.
 *
 * @throws dev.runnel.client.StatusException if the answer is no success
 * @throws dev.runnel.client.DownloadException if the target, the disk, the length or the checksum is wrong
 */
public suspend fun HttpClient.download(
  url: String,
  path: Path,
  options: DownloadOptions = DownloadOptions.DEFAULT,
  build: RequestScope.() -> Unit = {},
): Downloaded {
  val request = built(Method.GET, url, build).request()
  // Filters are coroutines, and Java wants a stage; one that fails must not take the scope along.
  return supervisorScope { Downloads.start({ future { invoke(it) } }, request, path, options).awaited {} }
}

/**
 * Like [download], telling how far it is: cold, completes when the file is in its place, and fails as [download] does.
 * A slow collector gets the latest only.
 *
 * @param options has no listener of its own
 */
public fun HttpClient.downloading(
  url: String,
  path: Path,
  options: DownloadOptions = DownloadOptions.DEFAULT,
  build: RequestScope.() -> Unit = {},
): Flow<Progress> = channelFlow {
  val unused =
    download(
      url,
      path,
      options.withProgress {
        val sent = trySend(it)
      },
      build,
    )
}
  .buffer(Channel.CONFLATED)
