package dev.gretchen.verifier.calibrate;

import java.util.Arrays;
import java.util.Locale;

/// The ways in which a recorded run is falsified: one edit each, by which one app or one Kafka
/// would have been at fault.
public enum HistoryMutant {
  OUTPUT_LOST,
  OUTPUT_DOUBLED,
  OUTPUTS_SWAPPED,
  OUTPUT_LOST_AND_DOUBLED,
  OUTPUT_PHANTOM,
  OUTPUT_TIMESTAMP,
  OUTPUT_WRONG_KEY,
  OUTPUT_WRONG_PARTITION,
  UPDATE_LOST,
  UPDATE_DOUBLED,
  UPDATES_SWAPPED,
  UPDATE_NAMES_ANOTHER,
  LAST_UPDATE_LOST,
  TALLY_ONE_MORE,
  FINGERPRINT_BIT,
  ABORTED_SEEN,
  EVENT_NOT_COUNTED,
  EVENT_COUNTED_TWICE,
  LOST_AND_DOUBLED_CANCEL,
  CHANGELOG_RECORD_LOST,
  OLD_VALUE_COMES_BACK,
  TORN_TRANSACTION,
  HALF_COMMITTED,
  KEY_MISSING,
  KEY_PHANTOM,
  KEY_DELETED,
  WINDOW_OFF_BY_ONE,
  LATE_EVENT_COUNTED,
  STORE_DIVERGES,
  STORE_ENTRY_MISSING,
  STORE_CHECKSUM_LIES,
  STORE_STALE,
  NO_OWNER,
  TWO_OWNERS,
  STANDBY_AHEAD,
  OFFSET_BEHIND,
  OFFSET_BEYOND_END,
  OFFSET_WENT_BACK,
  GENERATION_WENT_BACK,
  ZOMBIE_WRITES,
  ZOMBIE_ELSEWHERE,
  EPOCH_WENT_BACK,
  TWO_WRITERS,
  ASSIGNED_TWICE,
  MOVED_TO_AND_FRO,
  REBALANCES_FOR_NOTHING,
  RECOVERS_ITS_OWN,
  PARTITION_STALLS,
  NEVER_DRAINED,
  SLOW_DRAIN,
  TRANSACTION_HANGS,
  END_NEVER_STABLE,
  FAULT_WITHOUT_EFFECT,
  LOAD_NOT_OFFERED,
  ACKNOWLEDGED_AND_GONE,
  INPUT_ALTERED,
  INPUT_REORDERED,
  INPUT_DOUBLED,
  FAILED_AND_THERE,
  UNKNOWN_WITHOUT_BARRIER,
  UNEXPLAINED_DUPLICATE,
  LOST_AT_LEAST_ONCE,
  VIEW_LOST,
  VIEW_DOUBLED,
  VIEW_UNDER_ANOTHER_KEY,
  LATE_EVENT_DROPPED,
  CALLED_LATE,
  LATE_EVENT_RESTARTS_A_WINDOW,
  CLOSED_TWICE,
  CLOSE_NEVER_TOLD,
  CLOSED_TOO_EARLY,
  WINDOW_KEPT,
  EXPIRY_FORGOTTEN,
  SESSIONS_MERGED_WRONGLY,
  SESSION_END_OFF_BY_ONE,
  TIMER_FIRES_TWICE,
  TIMER_MISSES_A_MOMENT,
  ENRICHMENT_LOST,
  QUOTE_ALTERED,
  CALLED_AFTER_COMMIT,
  RETRIED_AT_ONCE,
  MAILED_TWICE,
  COMMITTED_PAST_AN_EVENT,
  SUM_ONE_MORE,
  PARTITION_LOST_MEANWHILE,
  STAND_IN,
  WORKER_GREW;

  /// Its name on a command line and in tables.
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The mutant of a name.
  ///
  /// @throws IllegalArgumentException where there is none
  public static HistoryMutant parse(String text) {
    return Arrays.stream(values())
        .filter(mutant -> mutant.text().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no mutant '"
                    + text
                    + "'; there are "
                    + String.join(
                        ", ", Arrays.stream(values()).map(HistoryMutant::text).toList())));
  }

  /// Whether the falsified run is judged by a property that the recorded one need not have.
  boolean bringsProperty() {
    return switch (this) {
      case STANDBY_AHEAD, RECOVERS_ITS_OWN, UNEXPLAINED_DUPLICATE, LOST_AT_LEAST_ONCE -> true;
      default -> false;
    };
  }

  /// Whether it falsifies a run of an app that gathers events and keeps windows behind that, and no
  /// other.
  boolean isOfWindows() {
    return compareTo(VIEW_LOST) >= 0 && !isOfServices();
  }

  /// Whether it falsifies a run of an app that calls services, and no other.
  boolean isOfServices() {
    return compareTo(ENRICHMENT_LOST) >= 0;
  }

  /// @throws java.util.NoSuchElementException where the run holds nothing to falsify that way
  Forgery forge(Recording run) {
    return switch (this) {
      case OUTPUT_LOST -> StreamForgeries.outputLost(run);
      case OUTPUT_DOUBLED -> StreamForgeries.outputDoubled(run);
      case OUTPUTS_SWAPPED -> StreamForgeries.outputsSwapped(run);
      case OUTPUT_LOST_AND_DOUBLED -> StreamForgeries.outputLostAndDoubled(run);
      case OUTPUT_PHANTOM -> StreamForgeries.outputPhantom(run);
      case OUTPUT_TIMESTAMP -> StreamForgeries.outputTimestamp(run);
      case OUTPUT_WRONG_KEY -> StreamForgeries.outputWrongKey(run);
      case OUTPUT_WRONG_PARTITION -> StreamForgeries.outputInWrongPartition(run);
      case UPDATE_LOST -> StreamForgeries.updateLost(run);
      case UPDATE_DOUBLED -> StreamForgeries.updateDoubled(run);
      case UPDATES_SWAPPED -> StreamForgeries.updatesSwapped(run);
      case UPDATE_NAMES_ANOTHER -> StreamForgeries.updateNamesAnotherEvent(run);
      case LAST_UPDATE_LOST -> StreamForgeries.lastUpdateLost(run);
      case TALLY_ONE_MORE -> StreamForgeries.tallyOneMore(run);
      case FINGERPRINT_BIT -> StreamForgeries.fingerprintBit(run);
      case ABORTED_SEEN -> StreamForgeries.abortedSeen(run);
      case EVENT_NOT_COUNTED -> TableForgeries.eventNotCounted(run);
      case EVENT_COUNTED_TWICE -> TableForgeries.eventCountedTwice(run);
      case LOST_AND_DOUBLED_CANCEL -> TableForgeries.lostAndDoubledCancel(run);
      case CHANGELOG_RECORD_LOST -> TableForgeries.changelogRecordLost(run);
      case OLD_VALUE_COMES_BACK -> TableForgeries.oldValueComesBack(run);
      case TORN_TRANSACTION -> TableForgeries.tornTransaction(run);
      case HALF_COMMITTED -> CourseForgeries.halfCommitted(run);
      case KEY_MISSING -> TableForgeries.keyMissing(run);
      case KEY_PHANTOM -> TableForgeries.phantomKey(run);
      case KEY_DELETED -> TableForgeries.keyDeleted(run);
      case WINDOW_OFF_BY_ONE -> TableForgeries.windowOffByOne(run);
      case LATE_EVENT_COUNTED -> TableForgeries.lateEventCounted(run);
      case STORE_DIVERGES -> StoreForgeries.storeDiverges(run);
      case STORE_ENTRY_MISSING -> StoreForgeries.storeEntryMissing(run);
      case STORE_CHECKSUM_LIES -> StoreForgeries.storeChecksumLies(run);
      case STORE_STALE -> StoreForgeries.storeStale(run);
      case NO_OWNER -> StoreForgeries.noOwner(run);
      case TWO_OWNERS -> StoreForgeries.twoOwners(run);
      case STANDBY_AHEAD -> StoreForgeries.standbyAhead(run);
      case OFFSET_BEHIND -> CourseForgeries.offsetBehind(run);
      case OFFSET_BEYOND_END -> CourseForgeries.offsetBeyondEnd(run);
      case OFFSET_WENT_BACK -> CourseForgeries.offsetWentBack(run);
      case GENERATION_WENT_BACK -> CourseForgeries.generationWentBack(run);
      case ZOMBIE_WRITES -> CourseForgeries.zombieWrites(run);
      case ZOMBIE_ELSEWHERE -> OwnershipForgeries.zombieElsewhere(run);
      case EPOCH_WENT_BACK -> CourseForgeries.epochWentBack(run);
      case TWO_WRITERS -> CourseForgeries.twoWriters(run);
      case ASSIGNED_TWICE -> OwnershipForgeries.assignedTwice(run);
      case MOVED_TO_AND_FRO -> OwnershipForgeries.movedToAndFro(run);
      case REBALANCES_FOR_NOTHING -> OwnershipForgeries.rebalancesForNothing(run);
      case RECOVERS_ITS_OWN -> OwnershipForgeries.recoversItsOwn(run);
      case PARTITION_STALLS -> CourseForgeries.partitionStalls(run);
      case NEVER_DRAINED -> CourseForgeries.neverDrained(run);
      case SLOW_DRAIN -> CourseForgeries.slowDrain(run);
      case TRANSACTION_HANGS -> TransactionForgeries.hangs(run);
      case END_NEVER_STABLE -> TransactionForgeries.neverStable(run);
      case FAULT_WITHOUT_EFFECT -> CourseForgeries.faultWithoutEffect(run);
      case LOAD_NOT_OFFERED -> CourseForgeries.loadNotOffered(run);
      case ACKNOWLEDGED_AND_GONE -> KafkaForgeries.acknowledgedAndGone(run);
      case INPUT_ALTERED -> KafkaForgeries.altered(run);
      case INPUT_REORDERED -> KafkaForgeries.reordered(run);
      case INPUT_DOUBLED -> KafkaForgeries.doubled(run);
      case FAILED_AND_THERE -> KafkaForgeries.failedAndThere(run);
      case UNKNOWN_WITHOUT_BARRIER -> KafkaForgeries.unknownWithoutBarrier(run);
      case UNEXPLAINED_DUPLICATE -> StreamForgeries.unexplainedDuplicate(run);
      case LOST_AT_LEAST_ONCE -> StreamForgeries.lostAtLeastOnce(run);
      case VIEW_LOST -> WindowForgeries.viewLost(run);
      case VIEW_DOUBLED -> WindowForgeries.viewDoubled(run);
      case VIEW_UNDER_ANOTHER_KEY -> WindowForgeries.viewUnderAnotherKey(run);
      case LATE_EVENT_DROPPED -> WindowForgeries.lateEventDropped(run);
      case CALLED_LATE -> WindowForgeries.calledLate(run);
      case LATE_EVENT_RESTARTS_A_WINDOW -> WindowForgeries.lateEventRestartsAWindow(run);
      case CLOSED_TWICE -> WindowForgeries.closedTwice(run);
      case CLOSE_NEVER_TOLD -> WindowForgeries.closeNeverTold(run);
      case CLOSED_TOO_EARLY -> WindowForgeries.closedTooEarly(run);
      case WINDOW_KEPT -> WindowForgeries.windowKept(run);
      case EXPIRY_FORGOTTEN -> WindowForgeries.expiryForgotten(run);
      case SESSIONS_MERGED_WRONGLY -> WindowForgeries.sessionsMergedWrongly(run);
      case SESSION_END_OFF_BY_ONE -> WindowForgeries.sessionEndOffByOne(run);
      case TIMER_FIRES_TWICE -> WindowForgeries.timerFiresTwice(run);
      case TIMER_MISSES_A_MOMENT -> WindowForgeries.timerMissesAMoment(run);
      case ENRICHMENT_LOST -> ServiceForgeries.enrichmentLost(run);
      case QUOTE_ALTERED -> ServiceForgeries.quoteAltered(run);
      case CALLED_AFTER_COMMIT -> ServiceForgeries.calledAfterCommit(run);
      case RETRIED_AT_ONCE -> ServiceForgeries.retriedAtOnce(run);
      case MAILED_TWICE -> ServiceForgeries.mailedTwice(run);
      case COMMITTED_PAST_AN_EVENT -> ServiceForgeries.committedPastAnEvent(run);
      case SUM_ONE_MORE -> ServiceForgeries.sumOneMore(run);
      case PARTITION_LOST_MEANWHILE -> ServiceForgeries.partitionLostMeanwhile(run);
      case STAND_IN -> ServiceForgeries.standIn(run);
      case WORKER_GREW -> ServiceForgeries.workerGrew(run);
    };
  }
}
