package dev.runnel.testkit;

import dev.runnel.http.MediaType;
import dev.runnel.http.Uri;
import dev.runnel.io.Bytes;
import dev.runnel.testkit.RecordedBody.Piece;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes the values of named members out of forms, queries and JSON. Works on text with a character
 * for each byte: all that delimits is ASCII, and places are those of the bytes.
 */
final class SecretMembers {
  private static final Pattern PART_NAME =
      Pattern.compile(
          "(?i)content-disposition:[^\\r\\n]*[;\\s]name=(?:\"([^\"\\r\\n]*)\"|([^;\\s]*))");

  private final Set<String> names;

  /** A place in the text, and what stands there instead. */
  private record Place(int from, int until, String instead) {}

  SecretMembers(Set<String> names) {
    this.names = names;
  }

  /** A query or form without the values of these. */
  String inForm(String text) {
    StringBuilder clean = new StringBuilder();
    int at = 0;
    for (Place place : form(text)) {
      clean.append(text, at, place.from).append(place.instead);
      at = place.until;
    }
    return clean.append(text, at, text.length()).toString();
  }

  /** A body without the values of these; in the pieces it had. */
  RecordedBody in(@Nullable String contentType, RecordedBody body) {
    Bytes bytes = body.bytes();
    if (names.isEmpty()) {
      return body;
    }
    List<Place> places = places(contentType, bytes.text(StandardCharsets.ISO_8859_1));
    if (places.isEmpty()) {
      return body;
    }
    List<Piece> pieces = replaced(body.pieces(), places);
    RecordedBody clean =
        new RecordedBody(pieces, body.length(), body.end(), body.endMillis(), body.trailers());
    long grown = clean.kept() - body.kept();
    return new RecordedBody(
        pieces, body.length() + grown, body.end(), body.endMillis(), body.trailers());
  }

  private List<Place> places(@Nullable String contentType, String text) {
    MediaType type = parsed(contentType);
    if (type != null && type.matches(MediaType.FORM)) {
      return form(text);
    }
    String boundary = type == null ? null : type.parameter("boundary");
    boolean parts = boundary != null && type.type().equals("multipart");
    return parts ? parts(text, "--" + boundary) : json(text);
  }

  private static @Nullable MediaType parsed(@Nullable String contentType) {
    try {
      return contentType == null ? null : MediaType.parse(contentType);
    } catch (IllegalArgumentException e) {
      return null; // what is malformed says nothing about the body
    }
  }

  // --- forms ---

  private List<Place> form(String text) {
    List<Place> places = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int and = text.indexOf('&', from);
      int hash = text.indexOf('#', from);
      int until = and < 0 ? text.length() : and;
      if (hash >= 0 && hash < until) {
        until = hash; // the fragment of a Location is no part of the query
      }
      int equals = text.indexOf('=', from);
      if (equals >= 0 && equals < until && isSecret(decoded(text.substring(from, equals)))) {
        places.add(new Place(equals + 1, until, Redaction.MARK));
      }
      from = until + 1;
    }
    return places;
  }

  private static String decoded(String name) {
    try {
      return Uri.percentDecode(name.replace('+', ' '));
    } catch (RuntimeException e) {
      return name; // malformed, and so not what it would be decoded
    }
  }

  private List<Place> parts(String text, String delimiter) {
    List<Place> places = new ArrayList<>();
    for (int part = text.indexOf(delimiter); part >= 0; ) {
      int next = text.indexOf(delimiter, part + delimiter.length());
      int until = next < 0 ? text.length() : next;
      int content = text.indexOf("\r\n\r\n", part) + 4;
      if (content >= 4 && content <= until) {
        Matcher name = PART_NAME.matcher(text).region(part, content);
        if (name.find() && isSecret(utf8(name.group(1) == null ? name.group(2) : name.group(1)))) {
          int end = next < 0 ? until : Math.max(content, until - 2); // CR LF are the delimiter's
          places.add(new Place(content, end, Redaction.MARK));
        }
      }
      part = next;
    }
    return places;
  }

  private boolean isSecret(String name) {
    return names.contains(name);
  }

  private static String utf8(String latin1) {
    return new String(latin1.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  // --- JSON ---

  /**
   * Each quotation mark may begin the name of a member: the text need not be JSON from the
   * beginning (events, lines, scripts), nor to the end.
   */
  private List<Place> json(String text) {
    List<Place> places = new ArrayList<>();
    for (int quote = text.indexOf('"'); quote >= 0; ) {
      int from = value(text, quote);
      int next = quote + 1;
      if (from >= 0) {
        int until = JsonSpan.end(text, from);
        places.add(new Place(from, until, '"' + Redaction.MARK + '"'));
        next = Math.max(until, next);
      }
      quote = text.indexOf('"', next);
    }
    return places;
  }

  /** Where the value of the member begins whose name is here, if it is secret; else -1. */
  private int value(String text, int quote) {
    int longest = names.stream().mapToInt(String::length).max().orElse(0) * 6; // as \\u0000 each
    int close = JsonSpan.closingQuote(text, quote, longest);
    if (close < 0) {
      return -1;
    }
    int colon = JsonSpan.skipSpace(text, close + 1);
    if (colon >= text.length() || text.charAt(colon) != ':') {
      return -1;
    }
    String name = JsonSpan.unescaped(utf8(text.substring(quote + 1, close)));
    int from = JsonSpan.skipSpace(text, colon + 1);
    return from < text.length() && isSecret(name) ? from : -1;
  }

  // --- pieces ---

  private static List<Piece> replaced(List<Piece> pieces, List<Place> places) {
    List<Piece> clean = new ArrayList<>(pieces.size());
    int begin = 0;
    int next = 0;
    for (Piece piece : pieces) {
      int end = begin + piece.bytes().length();
      ByteArrayOutputStream kept = new ByteArrayOutputStream();
      int at = begin;
      while (next < places.size() && places.get(next).from < end) {
        Place place = places.get(next);
        if (place.from >= begin) { // what begins in an earlier piece was replaced there
          kept.writeBytes(piece.bytes().slice(at - begin, place.from - begin).toByteArray());
          kept.writeBytes(place.instead.getBytes(StandardCharsets.ISO_8859_1));
        }
        at = Math.min(end, place.until);
        if (place.until > end) {
          break;
        }
        next++;
      }
      kept.writeBytes(piece.bytes().slice(at - begin, end - begin).toByteArray());
      if (kept.size() > 0) {
        clean.add(new Piece(piece.millis(), Bytes.copyOf(kept.toByteArray())));
      }
      begin = end;
    }
    return clean;
  }
}
