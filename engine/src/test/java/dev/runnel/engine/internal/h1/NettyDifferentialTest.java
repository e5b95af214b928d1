package dev.runnel.engine.internal.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Two parsers that disagree about a request are how requests are smuggled. So every difference
 * between ours and Netty's must be one of {@link NettyDifferences}, over all cases and many broken
 * requests.
 */
class NettyDifferentialTest {
  private static final long SEED = Long.getLong("runnel.seed", 20_26);
  private static final int MUTATIONS = Integer.getInteger("runnel.mutations", 100_000);

  private final Set<Object> differences = new HashSet<>();
  private final List<String> unknown = new ArrayList<>();
  private int sameGood;
  private int sameBad;

  @Test
  void differsFromNettyOnlyWhereItMeansTo() {
    RawRequestCases.all().forEach(raw -> compare(raw.bytes().toByteArray()));
    Mutations mutations = new Mutations(SEED);
    for (int i = 0; i < MUTATIONS; i++) {
      compare(mutations.next());
    }
    assertThat(unknown).isEmpty();
    assertThat(differences)
        .as("every listed difference still exists")
        .containsAll(NettyDifferences.STRICTER.keySet())
        .containsAll(NettyDifferences.LOOSER);
    // Else the mutations break too much or too little to say anything.
    assertThat(sameGood).isGreaterThan(MUTATIONS / 10);
    assertThat(sameBad).isGreaterThan(MUTATIONS / 10);
  }

  private void compare(byte[] data) {
    RequestReading ours = RequestReading.whole(Limits.DEFAULT, data);
    NettyReading netty = NettyReading.of(data);
    String difference = difference(ours, netty);
    if (difference != null && unknown.size() < 20) {
      unknown.add(difference + " of " + printable(data));
    }
  }

  private @Nullable String difference(RequestReading ours, NettyReading netty) {
    RejectedException rejection = ours.rejection();
    if (rejection != null) {
      return refusedByUs(ours, netty, rejection.violation());
    }
    Throwable failure = netty.failure();
    if (failure != null) {
      return refusedByNetty(failure);
    }
    return takenByBoth(ours, netty);
  }

  private @Nullable String refusedByUs(
      RequestReading ours, NettyReading netty, Violation violation) {
    // Netty judges lines when they end. Until it has judged, there is no difference.
    boolean judged = ours.head() == null ? netty.hasHead() : netty.isDone();
    if (netty.failure() != null || !judged) {
      sameBad++;
      return null;
    }
    differences.add(violation);
    return NettyDifferences.STRICTER.containsKey(violation) ? null : "only we refuse: " + violation;
  }

  private @Nullable String refusedByNetty(Throwable failure) {
    for (NettyDifferences.Looser looser : NettyDifferences.LOOSER) {
      if (looser.refusal().test(failure)) {
        differences.add(looser);
        return null;
      }
    }
    return "only Netty refuses: " + failure;
  }

  private @Nullable String takenByBoth(RequestReading ours, NettyReading netty) {
    String theirs = netty.describe();
    if (!describe(ours).equals(theirs) || !Arrays.equals(ours.body(), netty.body())) {
      return "read differently: " + describe(ours) + " and " + theirs;
    }
    sameGood++;
    return null;
  }

  private static String describe(RequestReading reading) {
    RequestHead head = reading.head();
    if (head == null) {
      return "no head";
    }
    StringBuilder out = new StringBuilder();
    out.append(head.method()).append(' ').append(head.target()).append(' ');
    out.append(head.version()).append('\n');
    head.headers()
        .forEach((name, value) -> out.append(name).append(": ").append(value).append('\n'));
    reading
        .trailers()
        .forEach((name, value) -> out.append(name).append("; ").append(value).append('\n'));
    return out.append(reading.isDone() ? "done" : "unfinished").toString();
  }

  private static String printable(byte[] data) {
    StringBuilder out = new StringBuilder();
    for (char c : new String(data, ISO_8859_1).toCharArray()) {
      out.append(c >= ' ' && c < 0x7F ? String.valueOf(c) : String.format("\\x%02x", (int) c));
    }
    return out.toString();
  }
}
