package dev.runnel.engine.internal.h2;

import static dev.runnel.testing.http2.ScriptedServer.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.Heard;
import dev.runnel.testing.http2.ScriptedServer;
import dev.runnel.transport.ClientException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is a whole answer, and what only looks like one. */
class Http2ClientWholeTest {
  /** As nghttpd does that answers early and has trailers to send: they never come. */
  @ParameterizedTest
  @ValueSource(ints = {ErrorCode.NO_ERROR, ErrorCode.INTERNAL_ERROR})
  void anAnswerOfFullLengthIsNotWholeBeforeItsEnd(int code) {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard post = server.post("/", 1_000);
      server.send(
          answer(1, false, 200, "content-length", "5", "trailer", "x-end"),
          Frame.data(1, false, "small"),
          Frame.rst(1, code));
      assertThat(post.told()).containsExactly("head 200", "ended");
      assertThat(post.read()).isEmpty();
      assertThat(post.bodyFailure().reason()).isEqualTo(Reason.STREAM_RESET);
      assertThat(post.bodyFailure()).hasMessageContaining(ErrorCode.name(code));
    }
  }

  /** As Node does when a stream is closed with an error behind a part of its content. */
  @Test
  void anAnswerThatEndedInGoodOrderIsWholeWhateverItsHandlerMeant() {
    try (ScriptedServer server = new ScriptedServer().connect()) {
      Heard get = server.get("/");
      server.send(answer(1, false, 200), Frame.data(1, false, "half"));
      assertThat(get.read()).isEqualTo("half");
      server.send(Frame.data(1, true, ""), Frame.rst(1, ErrorCode.NO_ERROR));
      assertThat(get.read()).isEqualTo("half");
      assertThat(get.body().ended()).isTrue();
      assertThat(get.told()).containsExactly("head 200", "ended");
    }
  }
}
