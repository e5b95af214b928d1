package dev.runnel.engine.internal.netty;

import dev.runnel.engine.internal.link.LinkLoss;
import dev.runnel.engine.internal.link.Parking;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import io.netty.buffer.ByteBuf;

/** Talks to a proxy until it carries our bytes. */
final class Tunnel extends DialPhase {
  private final ProxyTalk talk;
  private final Parking parked = new Parking();

  Tunnel(Dial dial, NettyLink link, ProxyTalk talk) {
    super(dial, link);
    this.talk = talk;
  }

  @Override
  public void opened() {
    say(talk.opening());
    link.reading(true);
  }

  private void say(byte[] bytes) {
    if (bytes.length > 0) {
      link.out().writeBytes(bytes);
      link.wrote();
    }
  }

  @Override
  public void received(ByteBuf in) {
    parked.add(in);
    ByteBuf all = parked.bytes();
    if (all == null) {
      return;
    }
    try {
      listen(all);
    } catch (ClientException e) {
      fail(dial.throughProxy(e));
    }
  }

  private void listen(ByteBuf all) {
    int before;
    do {
      before = all.readableBytes();
      byte[] said = talk.answer(all);
      say(said);
      if (said.length > 0 && all.isReadable()) {
        throw ProxyTalk.refused("the proxy answered before it was asked");
      }
    } while (!talk.isDone() && all.isReadable() && all.readableBytes() < before);
    if (talk.isDone()) {
      link.reading(false);
      ByteBuf rest = all.isReadable() ? parked.take() : null;
      parked.clear();
      dial.tunnelled(rest);
    }
  }

  private void fail(ClientException error) {
    parked.clear();
    dial.fail(error);
  }

  @Override
  ClientException lost() {
    LinkLoss loss = link.loss();
    return dial.throughProxy(
        new ClientException(
            Reason.PROXY,
            "the proxy closed the connection in the middle of its answer"
                + (loss == null ? "" : " (" + loss.words() + ")"),
            true,
            loss == null ? null : loss.cause()));
  }

  @Override
  public void closed() {
    parked.clear();
    super.closed();
  }
}
