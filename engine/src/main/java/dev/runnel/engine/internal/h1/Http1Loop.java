package dev.runnel.engine.internal.h1;

import dev.runnel.engine.Limits;

/** What the HTTP/1.1 connections of one loop take turns with. */
public final class Http1Loop {
  final RequestParser parser;
  final RecentHeads<RequestHead> recent = new RecentHeads<>();
  final ResponseEncoder encoder = new ResponseEncoder();
  final ResponseParser answers;
  final RequestEncoder requests = new RequestEncoder();

  /** Holds what comes to these limits. */
  public Http1Loop(Limits limits) {
    parser = new RequestParser(limits);
    answers = new ResponseParser(limits);
  }

  /** The longest head that can be, in bytes, with the empty line that may stand before it. */
  public static int longestHead(Limits limits) {
    return limits.requestLine() + limits.headerSection() + 8;
  }
}
