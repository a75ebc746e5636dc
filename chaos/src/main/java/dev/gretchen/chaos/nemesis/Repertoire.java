package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.plan.Plan;
import java.io.IOException;
import java.util.SplittableRandom;

/// All that a nemesis can do: which kind of fault is done by whom. Confined to the nemesis's
/// thread.
final class Repertoire {
  private final Crashes crashes;
  private final FailpointKills failpointKills;
  private final OrderlyFaults orderly;
  private final Pauses pauses;
  private final Disks disks;
  private final BrokerKills brokerKills;
  private final BrokerOutages outages;
  private final FailpointPauses failpointPauses;
  private final Cuts cuts;
  private final BadLinks badLinks;
  private final LostResponses lostResponses;
  private final Intrusions intrusions;
  private final DamagedDisks damagedDisks;
  private final FullDisks fullDisks;
  private final Deprivations deprivations;
  private final BadDisks badDisks;
  private final GarbageStorms garbageStorms;
  private final WrongClocks clocks;
  private final WorkersApart workersApart;
  private final BrokerCuts brokerCuts;
  private final Elections elections;
  private final FullLogDirs fullLogDirs;
  private final TopicFaults topics;
  private final Retention retention;
  private final Rollouts rollouts;
  private final Compounds compounds;
  private final ServiceFaults serviceFaults;

  Repertoire(Plan plan, Field field, Healing healing) {
    Targets targets = new Targets(field, new SplittableRandom(plan.seed()));
    this.crashes = new Crashes(field, targets, healing);
    this.failpointKills = new FailpointKills(field, targets, crashes, healing);
    this.orderly = new OrderlyFaults(field, targets, healing);
    this.pauses = new Pauses(field, targets, healing);
    this.disks = new Disks(field, targets, healing);
    this.brokerKills = new BrokerKills(field, targets, healing);
    this.outages = new BrokerOutages(targets, healing);
    this.failpointPauses = new FailpointPauses(field, targets, healing);
    this.cuts = new Cuts(field, targets, healing);
    this.badLinks = new BadLinks(field, targets, healing);
    this.lostResponses = new LostResponses(field, targets, healing);
    this.intrusions = new Intrusions(field, targets, healing);
    this.damagedDisks = new DamagedDisks(field, targets, healing);
    this.fullDisks = new FullDisks(field, targets, healing);
    this.deprivations = new Deprivations(field, targets, healing);
    this.badDisks = new BadDisks(field, targets, healing);
    this.garbageStorms = new GarbageStorms(field, targets, healing);
    this.clocks = new WrongClocks(field, targets, healing);
    this.workersApart = new WorkersApart(field, healing);
    this.brokerCuts = new BrokerCuts(field, targets, healing);
    this.elections = new Elections(field, healing);
    this.fullLogDirs = new FullLogDirs(targets, healing);
    this.topics = new TopicFaults(field, targets, healing);
    this.retention = new Retention(field, targets, orderly, healing);
    this.rollouts = new Rollouts(field, targets, orderly, healing);
    this.compounds = new Compounds(field, targets, healing);
    this.serviceFaults = new ServiceFaults(field.services(), new SplittableRandom(plan.seed() ^ 1));
  }

  /// Does it, proves it and heals it.
  void apply(Incident incident) throws InterruptedException, IOException {
    switch (incident.step().kind()) {
      case KILL_WORKER, KILL_OWNER -> crashes.kill(incident);
      case KILL_TWICE -> crashes.killTwice(incident);
      case KILL_IN_RECOVERY -> failpointKills.inRecovery(incident);
      case WIPE_WHILE_DOWN -> crashes.wipe(incident);
      case GRACEFUL_STOP -> orderly.gracefulStop(incident);
      case ROLLING_RESTART -> orderly.rollingRestart(incident);
      case KILL_AFTER_SENDS -> failpointKills.afterSends(incident);
      case KILL_IN_PAUSED_RECOVERY -> failpointKills.inPausedRecovery(incident);
      case ADD_WORKER -> orderly.add(incident);
      case REMOVE_WORKER -> orderly.remove(incident);
      case CRASH_LOOP -> crashes.loop(incident);
      case KILL_ALL -> crashes.all(incident);
      case CHASE_OWNER -> crashes.chase(incident);
      case DOUBLE_START -> disks.doubleStart(incident);
      case SHORT_PAUSE -> pauses.briefly(incident);
      case EVICTING_PAUSE -> pauses.pastEviction(incident);
      case SCALING -> orderly.toOne(incident);
      case REBALANCE_IN_RECOVERY -> failpointKills.joinInRecovery(incident);
      case REBALANCE_IN_PROMOTION -> failpointKills.joinInPromotion(incident);
      case OLD_STATE -> disks.putBackOld(incident);
      case SWAPPED_STATE -> disks.exchange(incident);
      case LITTERED_DISK -> disks.litter(incident);
      case KILL_BROKER, KILL_GROUP_COORDINATOR, KILL_TRANSACTION_COORDINATOR, KILL_CONTROLLER ->
          brokerKills.kill(incident);
      case BROKER_STOP -> outages.stop(incident);
      case INSYNC_SHORTAGE -> outages.allButOne(incident);
      case BROKER_OUTAGE -> outages.all(incident);
      case BROKER_PAUSE -> outages.pause(incident);
      case COMMIT_PAUSE -> failpointPauses.beforeOffsets(incident);
      case TRANSACTION_PAUSE -> failpointPauses.inTransaction(incident);
      case CUT_WORKER -> cuts.worker(incident);
      case LEADER_CUT -> cuts.fromLeader(incident);
      case FLAPPING_LINK -> cuts.flap(incident);
      case SWIZZLE -> cuts.swizzle(incident);
      case WORKERS_APART -> workersApart.keep(incident);
      case DEAF_LINK -> badLinks.loseReplies(incident);
      case SLOW_LINK -> badLinks.slow(incident);
      case NARROW_LINK -> badLinks.narrow(incident);
      case CONNECTION_RESET -> badLinks.reset(incident);
      case HALF_OPEN_LINK -> badLinks.halfOpen(incident);
      case SLICED_LINK -> badLinks.slice(incident);
      case LOSE_PRODUCE_RESPONSE,
          LOSE_ADDOFFSETSTOTXN_RESPONSE,
          LOSE_TXNOFFSETCOMMIT_RESPONSE,
          LOSE_ENDTXN_RESPONSE,
          LOSE_FETCH_RESPONSE,
          LOSE_HEARTBEAT_RESPONSE,
          LOSE_JOINGROUP_RESPONSE,
          LOSE_SYNCGROUP_RESPONSE,
          LOSE_INITPRODUCERID_RESPONSE ->
          lostResponses.lose(incident);
      case LATE_ENDTXN -> lostResponses.lateCommit(incident);
      case EVICTION_STORM -> intrusions.evictAgainAndAgain(incident);
      case HIJACKED_TRANSACTIONAL_ID -> intrusions.hijack(incident);
      case FLIPPED_BIT -> damagedDisks.flipBit(incident);
      case TRUNCATED_FILE -> damagedDisks.truncate(incident);
      case FULL_DISK -> fullDisks.fill(incident);
      case KILL_WHILE_STOPPING -> crashes.whileStopping(incident);
      case LITTLE_MEMORY -> deprivations.littleMemory(incident);
      case GARBAGE_STORM -> garbageStorms.rage(incident);
      case FEW_FILES -> deprivations.fewFiles(incident);
      case STARVED_WORKER -> pauses.starve(incident);
      case LEADER_WITHOUT_FOLLOWERS -> brokerCuts.isolateLeader(incident);
      case ONE_WAY_BROKER_CUT -> brokerCuts.oneWay(incident);
      case BROKER_PAIR_CUT -> brokerCuts.pair(incident);
      case LEADER_ELECTION -> elections.move(incident);
      case FULL_LOG_DIR -> fullLogDirs.fill(incident);
      case DELETED_INPUT -> retention.pass(incident);
      case ADDED_PARTITIONS -> topics.addPartitions(incident);
      case COMPACTED_CHANGELOGS -> topics.compact(incident);
      case COMPACTED_OFFSETS -> {
        topics.compactOffsets(incident);
        brokerKills.kill(incident);
      }
      case LOST_FILES -> deprivations.loseFiles(incident);
      case DAMAGED_MANIFEST -> damagedDisks.flipBitOfManifest(incident);
      case FAILING_DISK -> badDisks.fail(incident);
      case READ_ONLY_DISK -> badDisks.readOnly(incident);
      case SLOW_DISK -> badDisks.slow(incident);
      case CLOCK_JUMP -> clocks.jump(incident);
      case BROKER_CLOCK_JUMP -> clocks.jumpOfBroker(incident);
      case ABORTED_INPUT -> topics.writeAndAbort(incident);
      case STRANGE_INPUT -> topics.writeStrange(incident);
      case HANGING_TRANSACTION -> topics.hang(incident);
      case ROLLING_RECONFIGURATION -> rollouts.reconfigure(incident);
      case ROLLING_UPGRADE -> rollouts.upgrade(incident);
      case KILL_WITH_LEADER -> compounds.killWithLeader(incident);
      case KILL_IN_OUTAGE -> compounds.killInOutage(incident);
      case PAUSED_BEHIND_CUT -> compounds.pauseBehindCut(incident);
      case SERVICE_SLOW,
          SERVICE_ERRORS,
          SERVICE_THROTTLED,
          SERVICE_REFUSED,
          SERVICE_SILENT,
          SERVICE_RESET,
          SERVICE_MALFORMED,
          SERVICE_WRONG_ENTITY,
          SERVICE_ANSWER_LOST,
          SERVICE_FLAPPING,
          SERVICE_OUTAGE ->
          serviceFaults.misbehave(incident);
    }
  }
}
