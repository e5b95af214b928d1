package dev.runnel.http;

import dev.runnel.io.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Names and values of a query or a form ({@code application/x-www-form-urlencoded}, WHATWG URL 5),
 * decoded, in order, names compared with case. A name may come several times. Immutable.
 */
public final class QueryParams {
  /** No parameters. */
  public static final QueryParams EMPTY = new QueryParams(new String[0]);

  private final String[] pairs;

  private QueryParams(String[] pairs) {
    this.pairs = pairs;
  }

  /**
   * The parameters of a raw query or form: parts between {@code &}, a plus sign is a space, percent
   * sequences are UTF-8. A part without {@code =} is a name with an empty value; empty parts are
   * skipped. Characters that should have been percent-encoded are taken as they are.
   *
   * @param raw the text without the question mark; null is no parameters
   * @throws HttpError 400 if a percent sequence is malformed or not UTF-8, naming the parameter and
   *     the place, or if there are more than 1,000 parameters
   */
  public static QueryParams parse(@Nullable String raw) {
    if (raw == null || raw.isEmpty()) {
      return EMPTY;
    }
    String[] pairs = new QueryParser(raw).parse();
    return pairs.length == 0 ? EMPTY : new QueryParams(pairs);
  }

  /**
   * The parameters of a form body; otherwise like {@link #parse(String)}.
   *
   * @throws HttpError 400 if the bytes are not UTF-8, and as for {@link #parse(String)}
   */
  public static QueryParams parseForm(Bytes body) {
    ByteBuffer bytes = body.asByteBuffer();
    try {
      return parse(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException e) {
      throw HttpError.badRequest(
          "form must be UTF-8, but is malformed at byte " + bytes.position());
    }
  }

  /**
   * Parameters from decoded names and values in turn: {@code QueryParams.of("q", "a b", "page",
   * "2")}.
   *
   * @throws IllegalArgumentException if the last name has no value
   */
  public static QueryParams of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "names and values must come in pairs, but there are " + namesAndValues.length);
    }
    return namesAndValues.length == 0 ? EMPTY : new QueryParams(namesAndValues.clone());
  }

  /** The first value of this name, or null. */
  public @Nullable String get(String name) {
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equals(name)) {
        return pairs[i + 1];
      }
    }
    return null;
  }

  /** All values of this name, in order. */
  public List<String> all(String name) {
    List<String> values = new ArrayList<>(2);
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i].equals(name)) {
        values.add(pairs[i + 1]);
      }
    }
    return Collections.unmodifiableList(values);
  }

  /** Whether there is a parameter of this name. */
  public boolean contains(String name) {
    return get(name) != null;
  }

  /** Each name once, in the order of first appearance. */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    forEach((name, value) -> names.add(name));
    return Collections.unmodifiableSet(names);
  }

  /** How many parameters there are; a name that comes twice counts twice. */
  public int size() {
    return pairs.length / 2;
  }

  /** Whether there is no parameter at all. */
  public boolean isEmpty() {
    return pairs.length == 0;
  }

  /** Calls back with each parameter's name and value, in order. */
  public void forEach(BiConsumer<String, String> action) {
    for (int i = 0; i < pairs.length; i += 2) {
      action.accept(pairs[i], pairs[i + 1]);
    }
  }

  /** The parameters as they stand in a query or form body; parsed again they are equal to these. */
  public String encode() {
    StringBuilder out = new StringBuilder(16 * size());
    forEach(
        (name, value) -> {
          if (!out.isEmpty()) {
            out.append('&');
          }
          FormEncoding.append(out, name);
          FormEncoding.append(out.append('='), value);
        });
    return out.toString();
  }

  /** Equal parameters in the same order. */
  @Override
  public boolean equals(Object other) {
    return other instanceof QueryParams that && Arrays.equals(pairs, that.pairs);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(pairs);
  }

  /** The names only: values may be secret. */
  @Override
  public String toString() {
    return "QueryParams" + names();
  }
}
