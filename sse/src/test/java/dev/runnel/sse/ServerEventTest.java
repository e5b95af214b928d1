package dev.runnel.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServerEventTest {
  private static String wire(ServerEvent event) {
    return EventEncoder.encode(event).utf8();
  }

  @Test
  void allFields() {
    ServerEvent event =
        ServerEvent.of("a")
            .withEvent("tick")
            .withId("7")
            .withRetry(Duration.ofMillis(1500))
            .withComment("seen");
    assertThat(wire(event)).isEqualTo(": seen\nevent: tick\nid: 7\nretry: 1500\ndata: a\n\n");
  }

  @Test
  void dataIsSplitAtEveryKindOfLineEnd() {
    assertThat(wire(ServerEvent.of("a\nb\rc\r\nd\n\re")))
        .isEqualTo("data: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: e\n\n");
    assertThat(wire(ServerEvent.of("a\n"))).isEqualTo("data: a\ndata: \n\n");
    assertThat(wire(ServerEvent.of(""))).isEqualTo("data: \n\n");
  }

  @Test
  void aCommentIsSplitToo() {
    assertThat(wire(ServerEvent.comment("a\r\nb"))).isEqualTo(": a\n: b\n\n");
  }

  @Test
  void textIsUtf8() {
    assertThat(EventEncoder.encode(ServerEvent.of("ä€😀")).length())
        .isEqualTo("data: \n\n".length() + 2 + 3 + 4);
  }

  @Test
  void aRetryAlone() {
    assertThat(wire(ServerEvent.retry(Duration.ofSeconds(3)))).isEqualTo("retry: 3000\n\n");
    assertThatThrownBy(() -> ServerEvent.retry(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("retry of an event must not be negative: PT-0.001S");
  }

  @Test
  void whatWouldForgeOtherFieldsIsRefusedAndShown() {
    ServerEvent event = ServerEvent.of("x");
    assertThatThrownBy(() -> event.withId("a\0\rb"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("id of an event must be one line without NUL")
        .hasMessageContaining("\"a\\0\\rb\"");
    assertThatThrownBy(() -> event.withEvent("a\ndata: forged"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("event of an event must be one line,")
        .hasMessageContaining("\"a\\ndata: forged\"");
    assertThat(event.withEvent("a\0b").event()).isEqualTo("a\0b");
  }

  @Test
  void itIsEncodedOnce() {
    ServerEvent event = ServerEvent.of("x");
    assertThat(EventEncoder.encode(event)).isSameAs(EventEncoder.encode(event));
  }

  @Test
  void eventsAreValues() {
    ServerEvent event = ServerEvent.of("x").withId("1");
    assertThat(event).isEqualTo(ServerEvent.of("x").withId("1"));
    assertThat(event).hasSameHashCodeAs(ServerEvent.of("x").withId("1"));
    assertThat(event).isNotEqualTo(ServerEvent.of("x"));
    assertThat(event.withData("secret")).hasToString("ServerEvent(6 characters, id 1)");
  }
}
