package dev.runnel.engine.internal.h2;

import dev.runnel.engine.Limits;

/** What the HTTP/2 connections of one loop take turns with. */
public final class Http2Loop {
  final HeaderFields fields;

  /** Holds requests to these limits. */
  public Http2Loop(Limits limits) {
    fields = new HeaderFields(limits);
  }
}
