package dev.gretchen.testkit.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.internal.surroundings.link.LinkEvent;
import dev.gretchen.engine.internal.surroundings.link.Links;
import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimProcess;
import dev.gretchen.testkit.sim.Trace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimLinkNetTest {

  private final Scheduler scheduler = new Scheduler(1, new Trace(10));
  private final SimLinkNet net = SimLinkNet.clear(scheduler);

  @AfterEach
  void leavesNoThreadBehind() {
    scheduler.close();
  }

  @Test
  void aHarbourIsOpenUntilItIsClosedAndItsProcessMayGoOn() throws Exception {
    SimProcess process = scheduler.process("w1");
    assertThat(net.isListening("w1")).isFalse();
    Links.Harbour harbour = net.of(process).listen("sim", _ -> {});
    assertThat(net.isListening("w1")).isTrue();
    assertThat(net.isListening("w2")).isFalse();
    harbour.close();
    assertThat(net.isListening("w1")).isFalse();
    assertThat(process.isKilled()).isFalse();
  }

  /// As a kernel does it: who calls a closed port is told so, and need not wait.
  @Test
  void whoCallsAClosedHarbourIsRefused() throws Exception {
    List<LinkEvent> heard = new ArrayList<>();
    Links.Harbour closed = net.of(scheduler.process("w1")).listen("sim", _ -> {});
    Links.Harbour caller = net.of(scheduler.process("w2")).listen("sim", heard::add);
    closed.close();
    caller.connect(closed.address());
    assertThat(scheduler.run(() -> !heard.isEmpty(), Duration.ofSeconds(10))).isTrue();
    assertThat(heard.getFirst()).isInstanceOf(LinkEvent.Refused.class);
  }

  @Test
  void aProcessThatDiesTakesItsHarbourAlong() throws Exception {
    SimProcess process = scheduler.process("w1");
    net.of(process).listen("sim", _ -> {});
    scheduler.kill(process);
    assertThat(net.isListening("w1")).isFalse();
  }
}
