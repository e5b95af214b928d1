package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemTest {
  @Test
  void writesTheStandardMembers() {
    Problem problem =
        new Problem(
            Status.FORBIDDEN, "https://a.example/p", "No credit", "30 left", "/i/1", Map.of());

    assertThat(problem.toJson())
        .isEqualTo(
            "{\"type\":\"https://a.example/p\",\"title\":\"No credit\",\"status\":403,"
                + "\"detail\":\"30 left\",\"instance\":\"/i/1\"}");
  }

  @Test
  void leavesOutWhatSaysNothing() {
    assertThat(Problem.of(Status.NOT_FOUND, null).toJson())
        .isEqualTo("{\"title\":\"Not Found\",\"status\":404}");
    assertThat(Problem.of(Status.of(418), "short").toJson())
        .isEqualTo("{\"status\":418,\"detail\":\"short\"}");
  }

  @Test
  void extensionsFollowInOrder() {
    Problem problem =
        Problem.of(Status.BAD_REQUEST, "a \"quoted\" word")
            .with("z", 1)
            .with("errors", List.of("x"))
            .with("none", null);

    assertThat(problem.toJson())
        .isEqualTo(
            "{\"title\":\"Bad Request\",\"status\":400,\"detail\":\"a \\\"quoted\\\" word\","
                + "\"z\":1,\"errors\":[\"x\"],\"none\":null}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"type", "title", "status", "detail", "instance"})
  void extensionsCannotContradictIt(String name) {
    Problem problem = Problem.of(Status.BAD_REQUEST, null);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> problem.with(name, 1))
        .withMessageContaining(name);
  }

  @Test
  void isImmutable() {
    Map<String, Object> extensions = new HashMap<>(Map.of("a", 1));
    Problem problem = new Problem(Status.GONE, "about:blank", "t", null, null, extensions);
    extensions.put("b", 2);

    assertThat(problem.extensions()).isEqualTo(Map.of("a", 1));
    assertThatThrownBy(() -> problem.extensions().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(problem.with("c", 3)).isNotEqualTo(problem);
    assertThat(problem.extensions()).hasSize(1);
  }

  @Test
  void becomesAnAnswer() {
    Response response = Problem.of(Status.CONFLICT, "taken").toResponse();

    assertThat(response.status()).isEqualTo(Status.CONFLICT);
    assertThat(response.headers())
        .isEqualTo(Headers.of("Content-Type", "application/problem+json"));
    assertThat(((Body.Whole) response.body()).bytes().utf8())
        .isEqualTo("{\"title\":\"Conflict\",\"status\":409,\"detail\":\"taken\"}");
  }

  @Test
  void isThrownAsAnError() {
    Throwable cause = new IllegalStateException("secret");
    HttpError error =
        new HttpError(Problem.of(Status.of(503), "later"), Headers.of("Retry-After", "1"), cause);

    assertThat(error).hasMessage("503 Service Unavailable: later").hasCause(cause);
    assertThat(error.status()).isEqualTo(Status.SERVICE_UNAVAILABLE);
    assertThat(error.headers().get("retry-after")).isEqualTo("1");
    assertThat(error.problem().toJson()).doesNotContain("secret");
    assertThat(new HttpError(Problem.of(Status.GONE, null), Headers.EMPTY, null))
        .hasMessage("410 Gone");
  }
}
