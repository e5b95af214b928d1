package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.engine.CallUpgrade;
import dev.runnel.engine.CancelCause;
import dev.runnel.http.ResponseHead;

/** The chance to take a connection over. It stands until it is taken or the call is failed. */
final class UpgradeOffer implements Runnable {
  private final ServerExchange call;
  private final Wire wire;
  private final ResponseHead head;
  private final CallUpgrade upgrade;

  UpgradeOffer(ServerExchange call, Wire wire, ResponseHead head, CallUpgrade upgrade) {
    this.call = call;
    this.wire = wire;
    this.head = head;
    this.upgrade = upgrade;
  }

  @Override
  public void run() {
    call.checkLive();
    if (!call.awaitsUpgrade()) {
      throw new CallCancelledException(CancelCause.FAILED);
    }
    Answers.takeOver(call, wire, head, upgrade);
  }
}
