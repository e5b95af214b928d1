package dev.runnel.http;

/** Header fields as strings, name and value in turn. Whoever makes one has checked them. */
final class HeaderArray extends Headers {
  private final String[] pairs;

  HeaderArray(String[] pairs) {
    this.pairs = pairs;
  }

  @Override
  public int size() {
    return pairs.length / 2;
  }

  @Override
  public String name(int index) {
    return pairs[2 * index];
  }

  @Override
  public String value(int index) {
    return pairs[2 * index + 1];
  }

  @Override
  public int indexOf(String name, int from) {
    for (int i = 2 * from; i < pairs.length; i += 2) {
      if (pairs[i].equalsIgnoreCase(name)) {
        return i / 2;
      }
    }
    return -1;
  }
}
