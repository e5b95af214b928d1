package dev.runnel.testkit;

import dev.runnel.http.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An exchange as a {@link Recorder} saw it. Immutable. It is kept in a fixture, a text file in
 * UTF-8 that is the same for the same exchange:
 *
 * <pre>
 *   runnel recording 1
 *   redacted fields: Authorization, Cookie
 *   redacted members: password, token
 *
 *   &gt; POST /login?next=home
 *   &gt; Host: localhost
 *   &gt; Content-Type: application/json
 *   {@literal @}0 ms
 *   : {"user":"ada","password":
 *   {@literal @}250 ms
 *   : "(redacted)"}
 *   end @250 ms
 *
 *   &lt; 200 @251 ms
 *   &lt; Content-Type: text/plain
 *   {@literal @}251 ms
 *   | Hello,
 *   : ada
 *   end @251 ms
 *   + Checksum: 17
 * </pre>
 *
 * <p>Lines with {@code >} are the request's head, those with {@code <} the answer's ({@code < none}
 * where the call ended before there was one), those with {@code +} the trailers. Each {@code @}
 * begins a piece of a body; times are whole milliseconds since the head of the request. Of its
 * lines, {@code |} is text with a line feed behind it and {@code :} text without one, in which a
 * backslash is doubled, {@code \r} is a carriage return, and {@code \s} and {@code \t} are a space
 * and a tab at the end of a line; {@code =} is Base64, for pieces that are no UTF-8 text or have
 * other controls. {@code end} says how a body ended: with nothing behind the time it was seen to
 * its end, else {@code unread}, {@code client gone}, {@code broken off}, {@code not seen} or {@code
 * upgraded}; {@code cut from n bytes} says that what stands here is only the beginning.
 *
 * @param request what was asked
 * @param answer what was said
 * @param redaction what was taken out, and is taken out of an answer before it is compared
 */
public record Recording(Request request, Answer answer, Redaction redaction) {
  /**
   * What was asked.
   *
   * @param method the method
   * @param target path and query, as they came
   * @param headers the header section, with Host also where HTTP/2 has none
   * @param body as far as the handler read it
   */
  public record Request(String method, String target, Headers headers, RecordedBody body) {
    /** This request with all lines of this name replaced by one: a credential for the test. */
    public Request withHeader(String name, String value) {
      return new Request(method, target, headers.set(name, value), body);
    }

    /** This request with another target. */
    public Request withTarget(String other) {
      return new Request(method, other, headers, body);
    }

    /** This request with another body. */
    public Request withBody(RecordedBody other) {
      return new Request(method, target, headers, other);
    }
  }

  /**
   * What was said.
   *
   * @param status the status code; 0 if the call ended before there was one
   * @param headMillis when the head was sent, in milliseconds since the head of the request
   * @param headers the header section, without what the engine adds for the wire
   * @param body what followed
   */
  public record Answer(int status, long headMillis, Headers headers, RecordedBody body) {
    /** This answer with another header section. */
    public Answer withHeaders(Headers other) {
      return new Answer(status, headMillis, other, body);
    }

    /** This answer with another body. */
    public Answer withBody(RecordedBody other) {
      return new Answer(status, headMillis, headers, other);
    }
  }

  /** This recording with another request. */
  public Recording request(Request other) {
    return new Recording(other, answer, redaction);
  }

  /** This recording with another answer. */
  public Recording answer(Answer other) {
    return new Recording(request, other, redaction);
  }

  /**
   * Reads a fixture.
   *
   * @throws IllegalArgumentException if it is broken: names the file, the line and what is wrong
   * @throws IOException if it cannot be read
   */
  public static Recording read(Path file) throws IOException {
    return parse(Files.readString(file, StandardCharsets.UTF_8), file.toString());
  }

  /**
   * Reads the text of a fixture.
   *
   * @param name stands for the file in messages
   * @throws IllegalArgumentException if it is broken
   */
  public static Recording parse(String text, String name) {
    return new FixtureParser(text, name).parse();
  }

  /** Writes a fixture, over what is there. */
  public void write(Path file) throws IOException {
    Files.writeString(file, text(), StandardCharsets.UTF_8);
  }

  /** The text of the fixture. */
  public String text() {
    return FixtureText.of(this);
  }

  /** The text of the fixture: what is secret was redacted. */
  @Override
  public String toString() {
    return text();
  }
}
