package dev.runnel.benchmarks.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** An SVG as a reader of XML sees it; what is none fails. */
record Picture(Document document) {
  static Picture of(String svg) {
    try {
      return new Picture(
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8))));
    } catch (Exception e) {
      throw new AssertionError("no XML: " + svg, e);
    }
  }

  /** All of this name, as they stand. */
  List<Element> all(String name) {
    NodeList found = document.getElementsByTagName(name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }

  /** Those of them that are coloured so. */
  List<Element> all(String name, String style) {
    return all(name).stream().filter(e -> e.getAttribute("class").equals(style)).toList();
  }

  List<String> texts(String style) {
    return all("text", style).stream().map(Element::getTextContent).toList();
  }

  double height() {
    return number(document.getDocumentElement(), "height");
  }

  static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  /** Whether nothing leaves it on any side, whichever of the usual fonts texts are written in. */
  void assertInside() {
    double width = number(document.getDocumentElement(), "width");
    for (String name : List.of("rect", "line", "polygon", "text")) {
      for (Element element : all(name)) {
        String what = name + " " + element.getAttribute("class") + " " + element.getTextContent();
        assertThat(across(element)).as(what).allMatch(x -> x >= 0 && x <= width);
        assertThat(down(element)).as(what).allMatch(y -> y >= 0 && y <= height());
      }
    }
  }

  private static DoubleStream across(Element element) {
    return switch (element.getTagName()) {
      case "rect" -> from(number(element, "x"), number(element, "width"));
      case "line" -> DoubleStream.of(number(element, "x1"), number(element, "x2"));
      case "polygon" -> points(element, 0);
      default -> {
        double width = Svg.width(element.getTextContent()) * number(element, "font-size");
        double before =
            switch (element.getAttribute("text-anchor")) {
              case "start" -> 0;
              case "middle" -> width / 2;
              default -> width;
            };
        yield from(number(element, "x") - before, width);
      }
    };
  }

  private static DoubleStream down(Element element) {
    return switch (element.getTagName()) {
      case "rect" -> from(number(element, "y"), number(element, "height"));
      case "line" -> DoubleStream.of(number(element, "y1"), number(element, "y2"));
      case "polygon" -> points(element, 1);
      default -> DoubleStream.of(number(element, "y"));
    };
  }

  private static DoubleStream from(double start, double length) {
    return DoubleStream.of(start, start + length);
  }

  /** Every other number, beginning with this one. */
  private static DoubleStream points(Element polygon, int first) {
    String[] numbers = polygon.getAttribute("points").split(" ", -1);
    return IntStream.range(0, numbers.length / 2)
        .mapToDouble(i -> Double.parseDouble(numbers[2 * i + first]));
  }
}
