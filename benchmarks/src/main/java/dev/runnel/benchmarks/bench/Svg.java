package dev.runnel.benchmarks.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Elements of a picture, in classes that its style sheet colours. No text leaves the room that it
 * is given: one that is too wide for it is written smaller.
 */
final class Svg {
  private static final String NARROW = " .,:;'|-()/fijlrtI";
  private static final String WIDE = "mwMW@%+=<>&";

  private final StringBuilder elements = new StringBuilder();

  void rect(String style, double x, double y, double width, double height) {
    add(
        "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
        style, x, y, width, height);
  }

  void line(String style, double x1, double y1, double x2, double y2) {
    add(
        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
        style, x1, y1, x2, y2);
  }

  /** Through these points, x and y of each. */
  void polygon(String style, double... points) {
    String list =
        Arrays.stream(points)
            .mapToObj(point -> String.format(Locale.ROOT, "%.1f", point))
            .collect(Collectors.joining(" "));
    add("<polygon class=\"%s\" points=\"%s\"/>", style, list);
  }

  /** Begins at x. */
  void text(String style, double x, double y, double room, int size, String text) {
    text(style, "start", x, y, room, size, text);
  }

  /** Ends at x. */
  void textBefore(String style, double x, double y, double room, int size, String text) {
    text(style, "end", x, y, room, size, text);
  }

  /** Has its middle at x. */
  void textAround(String style, double x, double y, double room, int size, String text) {
    text(style, "middle", x, y, room, size, text);
  }

  private void text(
      String style, String anchor, double x, double y, double room, int size, String text) {
    double width = width(text) * size;
    add(
        "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%.1f\">%s</text>",
        style, x, y, anchor, width > room ? size * room / width : size, escaped(text));
  }

  /**
   * At most so many times the font's size: nobody knows which font it will be, and these are the
   * widest letters of DejaVu Sans, the widest of the usual ones.
   */
  static double width(String text) {
    return text.chars().mapToDouble(Svg::width).sum();
  }

  private static double width(int letter) {
    if (NARROW.indexOf(letter) >= 0) {
      return 0.42;
    }
    boolean ordinary = letter < 0x80 && WIDE.indexOf(letter) < 0;
    return !ordinary ? 1 : Character.isUpperCase(letter) ? 0.79 : 0.65;
  }

  private void add(String format, Object... values) {
    elements.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** All of it as a picture on a ground of its own. */
  String document(int width, int height, String title, String style) {
    return String.format(
        Locale.ROOT,
        """
        <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d" role="img">
        <title>%3$s</title>
        <style>
        %4$s</style>
        <rect class="ground" x="0" y="0" width="%1$d" height="%2$d" rx="6"/>
        %5$s</svg>
        """,
        width,
        height,
        escaped(title),
        style,
        elements);
  }
}
