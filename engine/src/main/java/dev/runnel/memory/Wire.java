package dev.runnel.memory;

/** One connection in memory. Of the loop. */
public final class Wire {
  private final Carrier carrier;
  private final int number;
  private final WireFaults faults;
  private final WireEnd client;
  private final WireEnd server;

  Wire(Carrier carrier, int number, WireFaults faults) {
    this.carrier = carrier;
    this.number = number;
    this.faults = faults;
    Lane toServer = new Lane(this, true, faults.toServer());
    Lane toClient = new Lane(this, false, faults.toClient());
    this.client = new WireEnd(this, toServer, toClient);
    this.server = new WireEnd(this, toClient, toServer);
    toServer.connect(client, server);
    toClient.connect(server, client);
  }

  /** Its number in the network, from 1. */
  public int number() {
    return number;
  }

  /** What happens to it. */
  public WireFaults faults() {
    return faults;
  }

  /** The client's end. */
  public WireEnd client() {
    return client;
  }

  /** The server's end. */
  public WireEnd server() {
    return server;
  }

  Carrier carrier() {
    return carrier;
  }

  /** By the network: both ends hear of it. */
  void cut() {
    client.breakOff();
    server.breakOff();
  }
}
