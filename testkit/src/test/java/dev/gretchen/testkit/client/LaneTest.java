package dev.gretchen.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.testkit.kafka.Fate;
import dev.gretchen.testkit.kafka.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The order of requests to a coordinator.
class LaneTest {

  private static final Duration BOUND = Duration.ofSeconds(10);
  private static final Request.Heartbeat SLOW =
      new Request.Heartbeat(new Request.Member("group", 1, "member", null));
  private static final Request.OffsetFetch FAST = new Request.OffsetFetch("group", Set.of(), true);

  private final SimCluster cluster = new SimCluster(2);
  private final Lane lane =
      new Lane(new Connection(cluster.network, cluster.process("w1"), () -> 0));
  private final List<String> told = new ArrayList<>();

  LaneTest() {
    cluster.disturb(request ->
        request == SLOW ? new Fate.Delivered(Duration.ofSeconds(2).toNanos(), 1_000) : null);
  }

  @AfterEach
  void end() {
    cluster.close();
  }

  private void send() {
    lane.send(SLOW, BOUND, reply -> told.add("slow " + (reply == null ? "lost" : reply.error())));
    lane.send(FAST, BOUND, reply -> told.add("fast " + (reply == null ? "lost" : reply.error())));
  }

  @Test
  void nothingOvertakesARequestThatIsSlow() {
    send();
    cluster.pass(Duration.ofSeconds(1));
    assertThat(cluster.requests).hasSize(1);
    cluster.pass(Duration.ofSeconds(2));

    assertThat(told).containsExactly("slow UNKNOWN_MEMBER_ID", "fast NONE");
  }

  @Test
  void ofABrokenConnectionNothingMoreIsHeard() {
    send();
    cluster.pass(Duration.ofSeconds(1));
    lane.breakOff();
    assertThat(told).containsExactly("slow lost", "fast lost");

    lane.send(FAST, BOUND, _ -> told.add("fast again"));
    cluster.pass(Duration.ofSeconds(5));
    assertThat(told).containsExactly("slow lost", "fast lost", "fast again");
  }
}
