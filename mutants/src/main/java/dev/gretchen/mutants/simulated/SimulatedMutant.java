package dev.gretchen.mutants.simulated;

import dev.gretchen.mutants.Mutant;
import dev.gretchen.simulation.Engines;
import dev.gretchen.simulation.SimulatedApp;
import java.util.function.UnaryOperator;

/// Broken engines that the simulator must find. The codes behind them are those of the bug
/// catalogues of Faust and Kafka Streams, where they were found by users.
public enum SimulatedMutant {
  /// Offsets in a transaction of their own, before the effects.
  OFFSETS_FIRST,
  /// Outputs outside the transaction.
  OUTPUTS_OUTSIDE,
  /// A recovery that ends one record early.
  RECOVERY_ONE_SHORT,
  /// Faust FS#502: what is finished at a revocation is done again elsewhere.
  REVOKE_FORGETS_OFFSETS,
  /// Faust FS#221: after a rebalance a stretch is skipped.
  RESUMES_WHERE_IT_WAS,
  /// Faust FS#112: an older changelog record behind a newer one of its key.
  CHANGELOG_REORDERED,
  /// Faust RH#175: deleted keys come back.
  DELETED_KEYS_COME_BACK,
  /// Faust RH#573: a recovery that has ended before it began.
  RECOVERY_NOT_BEGUN,
  /// Faust, the flush that gives up: offsets are committed, changelog records are not acknowledged.
  CHANGELOG_UNACKNOWLEDGED,
  /// KAFKA-7192: uncommitted writes in the local store.
  STORE_BEFORE_COMMIT,
  /// KAFKA-16017: an interrupted recovery is taken for a complete one.
  POSITION_AT_END,
  /// KAFKA-10167: recovery to the last stable offset.
  END_OF_STABLE_LOG,
  /// KAFKA-20663: the local state is thrown away though the disk is intact.
  NEEDLESS_WIPE,
  /// KAFKA-12508: an output is left out because of a state from before the crash.
  OUTPUT_ONLY_IF_NEW,
  /// KAFKA-13295: a transaction that timed out ends the worker.
  FENCED_IS_FATAL,
  /// Offsets of partitions that a member has lost, accepted under its new generation.
  FRESH_METADATA,
  /// Offsets without a generation, which nobody fences.
  UNJOINED_METADATA,
  /// The changelog's committed end, taken before the input's offset is stable.
  END_BEFORE_STABLE_FETCH,
  /// Changelogs outside the transaction: a zombie's records land behind its successor's.
  CHANGELOG_OUTSIDE,
  /// An unknown outcome is taken for an abort.
  UNKNOWN_IS_ABORTED,
  /// A standby becomes the owner without reading its changelog to the end.
  PROMOTED_AS_IT_IS,
  /// A standby, or a commit, that writes on into a store that has been taken over.
  CLAIMS_IGNORED,
  /// Uncommitted records in a standby.
  STANDBYS_READ_AHEAD,
  /// What a leader's timers send is committed outside the group's fence: a deposed leader's too.
  TICKS_UNFENCED,
  /// An assignor that gives a partition before it was given up.
  GIVEN_BEFORE_REVOKED,
  /// An assignor that gives a partition twice.
  TWO_ACTIVES,
  /// A worker is evicted because one other does not hear it.
  EVICTS_ON_ONE_WORD,
  /// Who is evicted is not fenced: the transaction that it left open holds up its successors.
  EVICTS_WITHOUT_FENCING,
  /// Who was evicted though it lived commits what it had staged, once it is a member again.
  EVICTED_GOES_ON,
  /// Nobody minds a poll loop that stands still.
  STALLS_UNSEEN,
  /// A state directory that is in use does not keep a second process from starting.
  DISK_SHARED,
  /// An offset behind events that are still under way.
  COMMIT_PAST_IN_FLIGHT,
  /// What was done beyond the committed offset is done again.
  COMPLETED_SET_DROPPED,
  /// Events of a key beside one another.
  LANE_ORDER_BROKEN,
  /// Effects of an attempt that failed.
  FAILED_EFFECTS_LEAK,
  /// Faust's `take`: a batch is acknowledged though its handler has failed.
  FAILED_BATCH_DONE,
  /// One event of a batch is lost when the batch is taken apart.
  LAST_OF_BATCH_LOST,
  /// Faust FS#606: one event in flight at the committed offset is taken for a compacted hole.
  GAP_AT_THE_HEAD,
  /// What lies at the very beginning of a window is counted in the one before.
  WINDOW_BOUNDARY_OFF_BY_ONE,
  /// Faust, windows begun anew by late events: here, once somebody has taken over.
  LATE_EVENT_RESTARTS_A_WINDOW,
  /// A window that has closed closes again once somebody has taken over.
  WINDOW_CLOSES_AGAIN,
  /// What has expired is not deleted in the changelog.
  TOMBSTONES_UNWRITTEN,
  /// What has expired stays with the standbys.
  STANDBYS_FORGET_EXPIRY,
  /// An event begins a session beside the one that it belongs to.
  SESSIONS_NOT_MERGED,
  /// The last moment of a timer fires again once somebody else leads.
  TIMER_FIRES_AGAIN;

  /// The app with which it shows.
  public SimulatedApp app() {
    return compareTo(WINDOW_BOUNDARY_OFF_BY_ONE) >= 0
        ? SimulatedApp.WINDOWS
        : SimulatedApp.WORD_COLORS;
  }

  /// Makes the broken engine, to be made anew for each schedule.
  public Engines engines() {
    return switch (this) {
      case OFFSETS_FIRST -> of(Mutant.OFFSETS_FIRST);
      case OUTPUTS_OUTSIDE -> of(Mutant.OUTPUTS_OUTSIDE);
      case RECOVERY_ONE_SHORT -> of(Mutant.RECOVERY_ONE_SHORT);
      case REVOKE_FORGETS_OFFSETS -> WriterMutants.revokeForgetsOffsets();
      case RESUMES_WHERE_IT_WAS -> ClientMutants.resumesWhereItWas();
      case CHANGELOG_REORDERED -> ClientMutants.changelogReordered();
      case DELETED_KEYS_COME_BACK -> RecoveryMutants.deletedKeysComeBack();
      case RECOVERY_NOT_BEGUN -> RecoveryMutants.notBegun();
      case CHANGELOG_UNACKNOWLEDGED -> ClientMutants.changelogUnacknowledged();
      case STORE_BEFORE_COMMIT -> WriterMutants.storeBeforeCommit();
      case POSITION_AT_END -> RecoveryMutants.positionAtEnd();
      case END_OF_STABLE_LOG -> RecoveryMutants.endOfStableLog();
      case NEEDLESS_WIPE -> RecoveryMutants.needlessWipe();
      case OUTPUT_ONLY_IF_NEW -> ClientMutants.outputOnlyIfNew();
      case FENCED_IS_FATAL -> WriterMutants.fencedIsFatal();
      case FRESH_METADATA -> ClientMutants.freshMetadata();
      case UNJOINED_METADATA -> ClientMutants.unjoinedMetadata();
      case END_BEFORE_STABLE_FETCH -> RecoveryMutants.endBeforeStableFetch();
      case CHANGELOG_OUTSIDE -> ClientMutants.changelogOutside();
      case UNKNOWN_IS_ABORTED -> WriterMutants.unknownIsAborted();
      case PROMOTED_AS_IT_IS -> OwnershipMutants.promotedAsItIs();
      case CLAIMS_IGNORED -> OwnershipMutants.claimsIgnored();
      case STANDBYS_READ_AHEAD -> OwnershipMutants.standbysReadAhead();
      case TICKS_UNFENCED -> WriterMutants.ticksUnfenced();
      case GIVEN_BEFORE_REVOKED -> OwnershipMutants.givenBeforeRevoked();
      case TWO_ACTIVES -> OwnershipMutants.twoActives();
      case COMMIT_PAST_IN_FLIGHT -> LaneMutants.commitPastInFlight();
      case COMPLETED_SET_DROPPED -> LaneMutants.completedSetDropped();
      case LANE_ORDER_BROKEN -> LaneMutants.laneOrderBroken();
      case FAILED_EFFECTS_LEAK -> LaneMutants.failedEffectsLeak();
      case FAILED_BATCH_DONE -> LaneMutants.failedBatchDone();
      case LAST_OF_BATCH_LOST -> LaneMutants.lastOfBatchLost();
      case GAP_AT_THE_HEAD -> LaneMutants.gapAtTheHead();
      case WINDOW_BOUNDARY_OFF_BY_ONE -> WindowMutants.boundaryOffByOne();
      case LATE_EVENT_RESTARTS_A_WINDOW -> WindowMutants.streamTimeForgotten();
      case WINDOW_CLOSES_AGAIN -> WindowMutants.closedUpToForgotten();
      case TOMBSTONES_UNWRITTEN -> WindowMutants.tombstonesUnwritten();
      case STANDBYS_FORGET_EXPIRY -> WindowMutants.expiryForgottenByStandbys();
      case SESSIONS_NOT_MERGED -> WindowMutants.sessionsNotMerged();
      case TIMER_FIRES_AGAIN -> WindowMutants.momentFiresAgain();
      case EVICTS_ON_ONE_WORD -> WatchMutants.evictsOnOneWord();
      case EVICTS_WITHOUT_FENCING -> WatchMutants.evictsWithoutFencing();
      case EVICTED_GOES_ON -> WatchMutants.evictedGoesOn();
      case STALLS_UNSEEN -> WatchMutants.stallsUnseen();
      case DISK_SHARED -> OwnershipMutants.diskShared();
    };
  }

  private static Engines of(Mutant mutant) {
    return new Engines(mutant::parts, UnaryOperator.identity());
  }
}
