package dev.runnel.engine;

import dev.runnel.http.Request;

/** A call with a decorated request. */
final class ExchangeView extends ForwardingExchange {
  private final Request view;

  ExchangeView(Exchange call, Request view) {
    super(call);
    this.view = view;
  }

  @Override
  public Request request() {
    return view;
  }
}
