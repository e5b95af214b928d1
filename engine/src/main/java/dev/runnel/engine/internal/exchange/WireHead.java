package dev.runnel.engine.internal.exchange;

import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Version;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request as a version decoded it: checked, immutable, lazy where that is cheaper.
 */
public interface WireHead {
  /** The method. */
  Method method();

  /** The target as received. */
  String target();

  /** The path of the target, still encoded. */
  String rawPath();

  /** The query of the target, still encoded; null without a question mark. */
  @Nullable String rawQuery();

  /** The version. */
  Version version();

  /** The scheme of an absolute-form target or {@code :scheme}; null when the connection says it. */
  @Nullable String scheme();

  /** Host and port asked for; empty when there was none. */
  String authority();

  /** The protocol that an extended CONNECT asks for (RFC 8441 4), else null. */
  default @Nullable String protocol() {
    return null;
  }

  /** The header section. */
  Headers headers();

  /**
   * The declared length of the body; -1 when there is a body of unknown length, 0 when there is
   * none.
   */
  long bodyLength();
}
