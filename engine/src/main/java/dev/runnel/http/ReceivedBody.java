package dev.runnel.http;

import dev.runnel.io.Loop;
import org.jspecify.annotations.Nullable;

/** What comes in on one side and goes out on another. */
final class ReceivedBody implements Body.Source {
  private final Content content;

  ReceivedBody(Content content) {
    this.content = content;
  }

  @Override
  public long length() {
    return content.length();
  }

  @Override
  public @Nullable Loop home() {
    return content.home();
  }

  @Override
  public BodyReader open() {
    return content.reader();
  }
}
