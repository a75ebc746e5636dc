package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.nemesis.LinkTargets.Linked;
import dev.gretchen.chaos.plan.Step;
import dev.gretchen.chaos.proxy.InForce;
import dev.gretchen.chaos.proxy.Rule;
import dev.gretchen.chaos.worker.Workers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.protocol.ApiKeys;

/// N12 and N13: the response of one chosen request never arrives, although the broker has done what
/// it was asked; a commit arrives when its worker is long dead.
final class LostResponses {
  /// Whose response each kind loses.
  static final Map<FaultKind, ApiKeys> APIS =
      Map.of(
          FaultKind.LOSE_PRODUCE_RESPONSE, ApiKeys.PRODUCE,
          FaultKind.LOSE_ADDOFFSETSTOTXN_RESPONSE, ApiKeys.ADD_OFFSETS_TO_TXN,
          FaultKind.LOSE_TXNOFFSETCOMMIT_RESPONSE, ApiKeys.TXN_OFFSET_COMMIT,
          FaultKind.LOSE_ENDTXN_RESPONSE, ApiKeys.END_TXN,
          FaultKind.LOSE_FETCH_RESPONSE, ApiKeys.FETCH,
          FaultKind.LOSE_HEARTBEAT_RESPONSE, ApiKeys.HEARTBEAT,
          FaultKind.LOSE_JOINGROUP_RESPONSE, ApiKeys.JOIN_GROUP,
          FaultKind.LOSE_SYNCGROUP_RESPONSE, ApiKeys.SYNC_GROUP,
          FaultKind.LOSE_INITPRODUCERID_RESPONSE, ApiKeys.INIT_PRODUCER_ID);

  /// How long the request may take to come by.
  private static final Duration EFFECT_TIMEOUT = Duration.ofSeconds(20);

  private static final Duration POLL = Duration.ofMillis(20);

  private final Workers workers;
  private final LinkTargets targets;
  private final Healing healing;

  LostResponses(Field field, Targets targets, Healing healing) {
    this.workers = field.workers();
    this.targets = new LinkTargets(field, targets);
    this.healing = healing;
  }

  void lose(Incident incident) throws InterruptedException {
    Optional<Linked> linked = targets.linked(incident);
    ApiKeys api = APIS.get(incident.step().kind());
    if (linked.isEmpty() || api == null) {
      return;
    }
    String worker = linked.get().worker();
    try (InForce lost = linked.get().link().apply(rule(incident.step(), api))) {
      if (incident.step().kind().sigkills() > 0) {
        // so that it begins again, and asks for what it asks only then
        incident.killed(workers.kill(worker));
        workers.start(worker);
      }
      long times = incident.step().parameter("times");
      if (awaitEffects(lost, times)) {
        incident.observed(String.join(", ", lost.notes()));
      } else {
        incident.missing(
            "%d responses of %s lost within %d s, expected %d"
                .formatted(lost.effects(), api, EFFECT_TIMEOUT.toSeconds(), times));
      }
    }
    healing.worker(incident, worker);
  }

  private static Rule rule(Step step, ApiKeys api) {
    return new Rule.LoseResponse(
        api,
        Math.toIntExact(step.parameter("nth")),
        Math.toIntExact(step.parameter("times")),
        step.parameter("silent") == 0 ? Rule.Loss.RESET : Rule.Loss.SILENCE);
  }

  private static boolean awaitEffects(InForce force, long count) throws InterruptedException {
    long deadline = System.nanoTime() + EFFECT_TIMEOUT.toNanos();
    while (force.effects() < count && System.nanoTime() < deadline) {
      Thread.sleep(POLL);
    }
    return force.effects() >= count;
  }

  /// The commit stays on its way while its worker dies and comes back; then it arrives.
  void lateCommit(Incident incident) throws InterruptedException {
    Optional<Linked> linked = targets.linked(incident);
    if (linked.isEmpty()) {
      return;
    }
    int nth = Math.toIntExact(incident.step().parameter("nth"));
    String worker = linked.get().worker();
    try (InForce held = linked.get().link().apply(new Rule.HoldRequest(ApiKeys.END_TXN, nth))) {
      if (!held.awaitEffect(EFFECT_TIMEOUT)) {
        incident.missing("no EndTxn came by within " + EFFECT_TIMEOUT.toSeconds() + " s");
        return;
      }
      incident.observed(String.join(", ", held.notes()));
      incident.killed(workers.kill(worker));
      long from = System.nanoTime();
      healing.worker(incident, worker);
      held.release();
      incident.observed(
          "it arrived %d ms after its sender's end"
              .formatted((System.nanoTime() - from) / 1_000_000));
    }
  }
}
