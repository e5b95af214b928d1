package dev.runnel.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.io.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventParserTest {
  private static final ServerEvent A = ServerEvent.of("a");

  private static List<ServerEvent> parse(String text) {
    return parse(new EventParser(), text);
  }

  private static List<ServerEvent> parse(EventParser parser, String text) {
    List<ServerEvent> events = new ArrayList<>();
    parser.parse(Bytes.utf8(text), events::add);
    return events;
  }

  // The examples of WHATWG HTML 9.2.6.

  @Test
  void linesOfDataAreJoined() {
    assertThat(parse("data: YHOO\ndata: +2\ndata: 10\n\n"))
        .containsExactly(ServerEvent.of("YHOO\n+2\n10"));
  }

  @Test
  void commentsIdsAndOneSpace() {
    EventParser parser = new EventParser();
    String text = ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n";
    assertThat(parse(parser, text))
        .containsExactly(
            ServerEvent.of("first event").withId("1"), ServerEvent.of("second event").withId(""));
    assertThat(parser.lastEventId()).isEmpty();
    assertThat(parse(parser, "data:  third event\n\n"))
        .containsExactly(ServerEvent.of(" third event"));
  }

  @Test
  void anEmptyDataFieldIsAnEventAndAnUnendedBlockIsNone() {
    assertThat(parse("data\n\ndata\ndata\n\ndata:"))
        .containsExactly(ServerEvent.of(""), ServerEvent.of("\n"));
  }

  @Test
  void aSpaceBehindTheColonIsIgnored() {
    assertThat(parse("data:test\n\ndata: test\n\n"))
        .containsExactly(ServerEvent.of("test"), ServerEvent.of("test"));
  }

  // The rest of it.

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n"})
  void linesEndInThreeWays(String end) {
    assertThat(parse("event: e" + end + "data: a" + end + "data: b" + end + end))
        .containsExactly(ServerEvent.of("a\nb").withEvent("e"));
  }

  @Test
  void anEventIsThereAtOnceAlsoIfItsEndMayBeHalf() {
    EventParser parser = new EventParser();
    assertThat(parse(parser, "data: a\r\n\r")).containsExactly(A);
    assertThat(parse(parser, "\ndata: a\n\n")).containsExactly(A);
    assertThat(parse(parser, "\r\rdata: a\r\r")).containsExactly(A);
  }

  @Test
  void aByteOrderMarkAtTheStartIsSkipped() {
    assertThat(parse("\uFEFFdata: a\n\n")).containsExactly(A);
    assertThat(parse("\uFEFF: x\ndata: a\n\n")).containsExactly(A);
    assertThat(parse("\uFEFF\ndata: a\n\n")).containsExactly(A);
    assertThat(parse("\n\uFEFFdata: a\n\n")).as("not at the start").isEmpty();
    assertThat(parse("\uFEFF\uFEFFdata: a\n\n")).as("a second one").isEmpty();
  }

  @Test
  void aTypeWithoutDataIsForgotten() {
    assertThat(parse("event: e\n\ndata: a\n\n")).containsExactly(A);
    assertThat(parse("event: e\nevent:\ndata: a\n\n")).containsExactly(A);
  }

  @Test
  void unknownFieldsAndOtherCaseAreIgnored() {
    assertThat(parse("DATA: x\nData: x\n data: x\nfoo: x\nfoo\ndata: a\n\n")).containsExactly(A);
  }

  @Test
  void anIdCountsFromTheEndOfItsEventOn() {
    EventParser parser = new EventParser();
    assertThat(parse(parser, "id: 1\n")).isEmpty();
    assertThat(parser.lastEventId()).isEmpty();
    assertThat(parse(parser, "\n")).as("an event without data").isEmpty();
    assertThat(parser.lastEventId()).isEqualTo("1");
    assertThat(parse(parser, "data: a\n\nid: 2\ndata")).containsExactly(A);
    assertThat(parser.lastEventId()).as("the second one never ended").isEqualTo("1");
  }

  @Test
  void anIdWithNulIsIgnored() {
    EventParser parser = new EventParser("before", 100);
    assertThat(parse(parser, "id: a\0b\ndata: a\n\n")).containsExactly(A);
    assertThat(parser.lastEventId()).isEqualTo("before");
  }

  @Test
  void aRetryIsDigitsOnly() {
    EventParser parser = new EventParser();
    assertThat(parse(parser, "retry: 10\n")).isEmpty();
    assertThat(parser.retry()).as("at once").isEqualTo(Duration.ofMillis(10));
    for (String bad : List.of("", "-1", "+1", "1.5", "1s", "1 ", "  1", "٣")) {
      assertThat(parse(parser, "retry: " + bad + "\n")).isEmpty();
      assertThat(parser.retry()).as("'" + bad + "'").isEqualTo(Duration.ofMillis(10));
    }
    assertThat(parse(parser, "retry: 99999999999999999999\ndata: a\n\n"))
        .containsExactly(A.withRetry(Duration.ofMillis(Long.MAX_VALUE)));
    assertThat(parse(parser, "retry: 0007\n")).isEmpty();
    assertThat(parser.retry()).isEqualTo(Duration.ofMillis(7));
  }

  @Test
  void malformedUtf8IsReplaced() {
    List<ServerEvent> events = new ArrayList<>();
    byte[] text = {'d', 'a', 't', 'a', ':', (byte) 0xC3, '\n', '\n'};
    new EventParser().parse(Bytes.copyOf(text), events::add);
    assertThat(events).containsExactly(ServerEvent.of("\uFFFD"));
  }

  // The limit.

  @Test
  void anEventOfTheLimitPassesAndOneByteMoreDoesNot() {
    EventParser parser = new EventParser("", 100);
    assertThat(parse(parser, "data: " + "x".repeat(94) + "\n\n")).hasSize(1);
    assertThatThrownBy(() -> parse(parser, "data: " + "x".repeat(95)))
        .isInstanceOf(EventTooLargeException.class)
        .hasMessageContaining("larger than 100 bytes");
    assertThatThrownBy(() -> parse(parser, "\n\ndata: a\n\n"))
        .isInstanceOf(EventTooLargeException.class);
  }

  @Test
  void manyLinesCountTogether() {
    EventParser parser = new EventParser("", 1000);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 200; i++) {
                assertThat(parse(parser, "data: 0123456789\n")).isEmpty();
              }
            })
        .isInstanceOf(EventTooLargeException.class);
    EventParser other = new EventParser("", 1000);
    for (int i = 0; i < 200; i++) {
      assertThat(parse(other, "data: 0123456789\n\n")).as("each for itself").hasSize(1);
    }
  }

  @Test
  void commentsCountForNothing() {
    EventParser parser = new EventParser("", 100);
    String comment = "x".repeat(1000);
    assertThat(parse(parser, ":" + comment)).isEmpty();
    assertThat(parse(parser, comment + "\ndata: a\n\n")).containsExactly(A);
  }

  @Test
  void theDefaultLimitIsOneMebibyte() {
    EventParser parser = new EventParser();
    assertThat(parse(parser, "data: " + "x".repeat((1 << 20) - 6) + "\n\n")).hasSize(1);
    assertThatThrownBy(() -> parse(parser, "data: " + "x".repeat((1 << 20) - 5)))
        .isInstanceOf(EventTooLargeException.class);
  }

  // Against other readings of the same.

  @Test
  void everySplitReadsTheSame() {
    byte[] text =
        ("\uFEFF: hi\r\nevent: ä€😀\r\nid: 1\rdata: one\ndata\r\n\r\nretry: 5\n:\n\r"
                + "data:two\r\r\ndata: three\n\n\nid\ndata: 4\n\nevent: lost\ndata: x")
            .getBytes(StandardCharsets.UTF_8);
    List<ServerEvent> whole = pieces(text, text.length, text.length);
    assertThat(whole).hasSize(4);
    for (int first = 0; first <= text.length; first++) {
      for (int second = first; second <= text.length; second++) {
        assertThat(pieces(text, first, second)).as(first + ", " + second).isEqualTo(whole);
      }
    }
  }

  private static List<ServerEvent> pieces(byte[] text, int first, int second) {
    EventParser parser = new EventParser();
    List<ServerEvent> events = new ArrayList<>();
    parser.parse(Bytes.copyOf(text, 0, first), events::add);
    parser.parse(Bytes.copyOf(text, first, second - first), events::add);
    parser.parse(Bytes.copyOf(text, second, text.length - second), events::add);
    return events;
  }

  @Test
  void randomStreamsReadAsTheStandardSaysLineByLine() {
    Random random = new Random(6);
    String[] parts = {
      "data",
      "event",
      "id",
      "retry",
      ":",
      " ",
      "\n",
      "\r",
      "\r\n",
      "\n\n",
      "a",
      "12",
      "\0",
      "ä",
      "\uFEFF",
      "data: x\n",
      "id: 3\n",
      "retry:9\r"
    };
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(20); i >= 0; i--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      PlainReading expected = new PlainReading(text.toString());
      EventParser parser = new EventParser();
      List<ServerEvent> events = new ArrayList<>();
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      for (int at = 0; at < bytes.length; ) {
        int count = Math.min(1 + random.nextInt(8), bytes.length - at);
        parser.parse(Bytes.copyOf(bytes, at, count), events::add);
        at += count;
      }
      assertThat(events).as(text.toString()).isEqualTo(expected.events);
      assertThat(parser.lastEventId()).as(text.toString()).isEqualTo(expected.lastEventId);
      assertThat(parser.retry()).as(text.toString()).isEqualTo(expected.retry);
    }
  }

  @Test
  void whatIsEncodedIsReadBack() {
    Random random = new Random(7);
    String[] parts = {"a", " ", ":", "\n", "data: ", "😀", "\uFEFF", "ß", "\0"};
    for (int round = 0; round < 5_000; round++) {
      ServerEvent event = ServerEvent.of(text(random, parts));
      if (random.nextBoolean()) {
        event = event.withId(text(random, parts).replaceAll("[\n\0]", ""));
      }
      String type = text(random, parts).replace("\n", "");
      if (!type.isEmpty()) {
        event = event.withEvent(type);
      }
      if (random.nextBoolean()) {
        event = event.withRetry(Duration.ofMillis(random.nextInt(1000)));
      }
      List<ServerEvent> read = new ArrayList<>();
      new EventParser()
          .parse(EventEncoder.encode(event.withComment(text(random, parts))), read::add);
      assertThat(read).containsExactly(event);
    }
  }

  private static String text(Random random, String[] parts) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    return text.toString();
  }

  /** The standard's words in the plainest code: whole text, regular expressions, no pieces. */
  private static final class PlainReading {
    final List<ServerEvent> events = new ArrayList<>();
    String lastEventId = "";
    Duration retry;

    PlainReading(String whole) {
      String text = whole.startsWith("\uFEFF") ? whole.substring(1) : whole;
      String[] lines = text.split("\r\n|\n|\r", -1);
      String data = "";
      String type = "";
      String id = "";
      String ownId = null;
      Duration ownRetry = null;
      for (int i = 0; i < lines.length - 1; i++) { // the last one has no end
        String line = lines[i];
        if (line.isEmpty()) {
          lastEventId = id;
          if (!data.isEmpty()) {
            ServerEvent event = ServerEvent.of(data.substring(0, data.length() - 1));
            event = type.isEmpty() ? event : event.withEvent(type);
            event = ownId == null ? event : event.withId(ownId);
            events.add(ownRetry == null ? event : event.withRetry(ownRetry));
          }
          data = "";
          type = "";
          ownId = null;
          ownRetry = null;
          continue;
        }
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
        if (field.equals("data")) {
          data += value + "\n";
        } else if (field.equals("event")) {
          type = value;
        } else if (field.equals("id") && value.indexOf(0) < 0) {
          id = value;
          ownId = value;
        } else if (field.equals("retry") && value.matches("[0-9]+")) {
          retry = Duration.ofMillis(Long.parseLong(value));
          ownRetry = retry;
        }
      }
    }
  }
}
