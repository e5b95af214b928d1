package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.ScriptedTransport.Call;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.io.Bytes;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Bodies that can be sent once, of calls that never asked for their bytes. */
class UnbegunBodyTest extends PlayedServers {
  private int opened;
  private int discarded;

  private final Body.Source once =
      new Body.Source() {
        @Override
        public BodyReader open() {
          opened++;
          return BodyReader.of(Bytes.utf8("upload"), transport.loop);
        }

        @Override
        public void discard() {
          discarded++;
        }
      };

  private CompletableFuture<Response> upload() {
    return send(
        Request.put(URL).body(once).with(CallOptions.KEY, CallOptions.NONE.withExpectContinue()));
  }

  private Call newest() {
    return Objects.requireNonNull(transport.newest);
  }

  private void refuse() {
    newest().fail(new ClientException(Reason.REFUSED, "not now", true, null));
    transport.loop.run();
  }

  @Test
  void aRefusedCallIsTriedAgainWithTheBody() {
    CompletableFuture<Response> answer = upload();
    refuse();
    assertThat(discarded).isZero();
    newest().informational(100);
    assertThat(newest().sent).containsExactly("upload");
    newest().whole(200, "");
    assertThat(answer).isCompleted();
    assertThat(opened).isEqualTo(1);
  }

  @Test
  void theLastFailureDiscardsIt() {
    CompletableFuture<Response> answer = upload();
    for (int i = 0; i < 20 && !answer.isDone(); i++) {
      refuse();
    }
    assertThat(failure(answer).reason()).isEqualTo(Reason.REFUSED);
    assertThat(opened).isZero();
    assertThat(discarded).isEqualTo(1);
  }

  @Test
  void anAnswerInsteadOfContinueDiscardsIt() {
    upload();
    newest().whole(413, "");
    assertThat(opened).isZero();
    assertThat(discarded).isEqualTo(1);
  }

  @Test
  void aCallGivenUpInTheQueueDiscardsIt() {
    client = client(b -> b.pool(p -> p.withPerOrigin(1)));
    send(Request.get(URL));
    CompletableFuture<Response> waits = upload();
    waits.cancel(true);
    transport.loop.run();
    assertThat(discarded).isEqualTo(1);
    newest().whole(200, "");
  }
}
