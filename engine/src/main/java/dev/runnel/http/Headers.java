package dev.runnel.http;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A header or trailer section: fields in order, names compared without case (RFC 9110 5).
 * Immutable; what looks like a change returns another value. Names and values are checked when they
 * are set, so that no value can end its field and forge the next one.
 */
public abstract class Headers implements Iterable<Headers.Field> {
  /** No fields. */
  // Nothing but this class touches HeaderArray, so no thread initializes it before this class.
  @SuppressWarnings("ClassInitializationDeadlock")
  public static final Headers EMPTY = new HeaderArray(new String[0]);

  // Two forms, one of strings and one over received bytes; nobody else extends this.
  Headers() {}

  /**
   * Fields from names and values in turn: {@code Headers.of("Content-Type", "text/plain", "X-A",
   * "b")}.
   *
   * @throws IllegalArgumentException if a name is not a token, a value has CR, LF, NUL or another
   *     control, or the last name has no value
   */
  public static Headers of(String... namesAndValues) {
    if (namesAndValues.length == 0) {
      return EMPTY;
    }
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "names and values must come in pairs, but there are " + namesAndValues.length);
    }
    String[] pairs = namesAndValues.clone();
    for (int i = 0; i < pairs.length; i += 2) {
      Tokens.requireToken(pairs[i], "header field name");
      Tokens.requireFieldValue(pairs[i], pairs[i + 1]);
    }
    return new HeaderArray(pairs);
  }

  /** How many field lines there are. */
  public abstract int size();

  /** The name of a field line, as it was set or received. */
  public abstract String name(int index);

  /** The value of a field line, without surrounding white space. */
  public abstract String value(int index);

  /** The index of the first field line of this name at or behind an index, or -1. */
  public abstract int indexOf(String name, int from);

  /** The first value of this name, or null. */
  public final @Nullable String get(String name) {
    int index = indexOf(name, 0);
    return index < 0 ? null : value(index);
  }

  /** All values of this name, in order. */
  public final List<String> all(String name) {
    int index = indexOf(name, 0);
    if (index < 0) {
      return List.of();
    }
    List<String> values = new ArrayList<>(2);
    for (; index >= 0; index = indexOf(name, index + 1)) {
      values.add(value(index));
    }
    return values;
  }

  /** Whether there is a field of this name. */
  public final boolean contains(String name) {
    return indexOf(name, 0) >= 0;
  }

  /** Whether there is no field at all. */
  public final boolean isEmpty() {
    return size() == 0;
  }

  /**
   * Whether a list-valued field (Connection, Vary …) has this member, compared without case, over
   * all its lines (RFC 9110 5.6.1).
   */
  public final boolean hasToken(String name, String token) {
    for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 1)) {
      if (listHas(value(i), token)) {
        return true;
      }
    }
    return false;
  }

  private static boolean listHas(String list, String token) {
    for (int from = 0; from <= list.length(); ) {
      int comma = list.indexOf(',', from);
      int until = comma < 0 ? list.length() : comma;
      if (list.substring(from, until).strip().equalsIgnoreCase(token)) {
        return true;
      }
      from = until + 1;
    }
    return false;
  }

  /** These fields and one more line behind them. */
  public final Headers with(String name, String value) {
    Tokens.requireToken(name, "header field name");
    Tokens.requireFieldValue(name, value);
    int size = size();
    String[] pairs = copy(size + 1);
    pairs[2 * size] = name;
    pairs[2 * size + 1] = value;
    return new HeaderArray(pairs);
  }

  /** These fields with all lines of this name replaced by one at the end. */
  public final Headers set(String name, String value) {
    return without(name).with(name, value);
  }

  /** These fields without any line of this name. */
  public final Headers without(String name) {
    if (!contains(name)) {
      return this;
    }
    List<String> kept = new ArrayList<>(2 * size());
    for (int i = 0; i < size(); i++) {
      if (!name(i).equalsIgnoreCase(name)) {
        kept.add(name(i));
        kept.add(value(i));
      }
    }
    return kept.isEmpty() ? EMPTY : new HeaderArray(kept.toArray(String[]::new));
  }

  /** These fields and then the others. */
  public final Headers plus(Headers others) {
    if (others.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return others;
    }
    int size = size();
    String[] pairs = copy(size + others.size());
    for (int i = 0; i < others.size(); i++) {
      pairs[2 * (size + i)] = others.name(i);
      pairs[2 * (size + i) + 1] = others.value(i);
    }
    return new HeaderArray(pairs);
  }

  private String[] copy(int capacity) {
    String[] pairs = new String[2 * capacity];
    for (int i = 0; i < size(); i++) {
      pairs[2 * i] = name(i);
      pairs[2 * i + 1] = value(i);
    }
    return pairs;
  }

  /** Calls back with each line's name and value, in order. */
  public final void forEach(BiConsumer<String, String> action) {
    for (int i = 0; i < size(); i++) {
      action.accept(name(i), value(i));
    }
  }

  @Override
  public final Iterator<Field> iterator() {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < size();
      }

      @Override
      public Field next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Field field = new Field(name(next), value(next));
        next++;
        return field;
      }
    };
  }

  /** Equal lines in the same order, names compared without case. */
  @Override
  public final boolean equals(Object other) {
    if (!(other instanceof Headers that) || size() != that.size()) {
      return false;
    }
    for (int i = 0; i < size(); i++) {
      if (!name(i).equalsIgnoreCase(that.name(i)) || !value(i).equals(that.value(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public final int hashCode() {
    int hash = 1;
    for (int i = 0; i < size(); i++) {
      hash = 31 * hash + name(i).toLowerCase(Locale.ROOT).hashCode();
      hash = 31 * hash + value(i).hashCode();
    }
    return hash;
  }

  /** The names only: values may be secret. */
  @Override
  public final String toString() {
    List<String> names = new ArrayList<>(size());
    forEach((name, value) -> names.add(name));
    return "Headers" + names;
  }

  /**
   * One field line.
   *
   * @param name as set or received
   * @param value without surrounding white space
   */
  public record Field(String name, String value) {}
}
