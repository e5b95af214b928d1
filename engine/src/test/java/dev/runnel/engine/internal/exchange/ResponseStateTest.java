package dev.runnel.engine.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.runnel.engine.internal.exchange.ResponseState.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ResponseStateTest {
  private static final List<Move> MOVES =
      List.of(
          new Move(ResponseState.OPEN, Event.ANSWER, ResponseState.ANSWERED),
          new Move(ResponseState.OPEN, Event.ABORT, ResponseState.ABORTED),
          new Move(ResponseState.ANSWERED, Event.END, ResponseState.ENDED),
          new Move(ResponseState.ANSWERED, Event.ABORT, ResponseState.ABORTED),
          new Move(ResponseState.ANSWERED, Event.RETRACT, ResponseState.OPEN));

  static Stream<Arguments> everyPair() {
    List<Arguments> pairs = new ArrayList<>();
    for (ResponseState state : ResponseState.values()) {
      for (Event event : Event.values()) {
        pairs.add(Arguments.of(state, event));
      }
    }
    return pairs.stream();
  }

  @ParameterizedTest
  @MethodSource("everyPair")
  void movesOrSaysWhyNot(ResponseState state, Event event) {
    for (Move move : MOVES) {
      if (move.from == state && move.event == event) {
        assertThat(state.on(event)).isEqualTo(move.to);
        return;
      }
    }
    if (event == Event.ANSWER && state != ResponseState.ABORTED) {
      // Users meet this one: it speaks their language, not that of the table.
      assertThatIllegalStateException()
          .isThrownBy(() -> state.on(event))
          .withMessage("the call was answered already: a call has one final answer");
    } else if (state == ResponseState.OPEN) {
      assertThatIllegalStateException()
          .isThrownBy(() -> state.on(event))
          .withMessage("the call was not answered yet: " + event.name() + " needs an answer first");
    } else {
      assertThatIllegalStateException()
          .isThrownBy(() -> state.on(event))
          .withMessageContaining(state.name())
          .withMessageContaining(event.name());
    }
  }

  @Test
  void aFailedMoveChangesNothingForTheNextOne() {
    assertThatIllegalStateException().isThrownBy(() -> ResponseState.OPEN.on(Event.END));
    assertThat(ResponseState.OPEN.on(Event.ANSWER)).isEqualTo(ResponseState.ANSWERED);
  }

  @ParameterizedTest
  @CsvSource({"OPEN,false", "ANSWERED,false", "ENDED,true", "ABORTED,true"})
  void isOverOnceNothingCanFollow(ResponseState state, boolean over) {
    assertThat(state.isOver()).isEqualTo(over);
  }

  @Test
  void aRetractedAnswerCanBeReplacedAndEnded() {
    ResponseState state = ResponseState.OPEN.on(Event.ANSWER).on(Event.RETRACT).on(Event.ANSWER);
    assertThat(state.on(Event.END)).isEqualTo(ResponseState.ENDED);
  }

  private record Move(ResponseState from, Event event, ResponseState to) {}
}
