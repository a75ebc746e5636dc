package dev.gretchen.testkit.kafka;

import dev.gretchen.testkit.sim.Scheduler;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/// The transaction coordinator, by the rules of `transaction.version` 2 (KIP-890): partitions join
/// a transaction by being written to, and each end of a transaction gives its producer a new epoch.
///
/// A transaction ends in two steps. First its end is decided, and the producer is told; then the
/// markers go out to the partitions and the group, each on its own way and in its own time. Until
/// the last has arrived, nobody gets on with this transactional id, and readers of committed
/// records see some of its partitions and not others.
final class Transactions {

  /// How often the coordinator looks for transactions whose time is over.
  private static final Duration LOOKS_EVERY = Duration.ofSeconds(10);

  /// The longest time that a producer may ask for: Kafka's default.
  private static final int TIMEOUT_MILLIS_MAX = 900_000;

  private static final short FIRST_EPOCH = 0;

  private final Scheduler scheduler;
  private final Markers markers;
  private final MarkerDelay delay;
  private final Map<String, Transaction> byId = new LinkedHashMap<>();
  private long producerIds = 1_000;

  /// Carries out the end of a transaction in one place.
  interface Markers {
    void partition(TopicPartition partition, long producerId, short epoch, boolean commit);

    void group(String group, long producerId, boolean commit);
  }

  /// How long a marker is on its way.
  @FunctionalInterface
  interface MarkerDelay {
    long nanos();
  }

  private enum State {
    EMPTY("Empty"),
    ONGOING("Ongoing"),
    PREPARE_COMMIT("PrepareCommit"),
    PREPARE_ABORT("PrepareAbort"),
    COMPLETE_COMMIT("CompleteCommit"),
    COMPLETE_ABORT("CompleteAbort");

    /// As Kafka writes it.
    private final String text;

    State(String text) {
      this.text = text;
    }
  }

  private static final class Transaction {
    long producerId;
    short epoch;
    int timeoutMillis;
    State state = State.EMPTY;
    long begun;
    long number;
    final Set<TopicPartition> partitions = new LinkedHashSet<>();
    final Set<String> groups = new LinkedHashSet<>();
    int underWay;

    boolean isEnding() {
      return state == State.PREPARE_COMMIT || state == State.PREPARE_ABORT;
    }

    boolean hasEnded() {
      return state == State.COMPLETE_COMMIT || state == State.COMPLETE_ABORT;
    }
  }

  Transactions(Scheduler scheduler, Markers markers, MarkerDelay delay) {
    this.scheduler = scheduler;
    this.markers = markers;
    this.delay = delay;
  }

  Reply.Producer init(Request.InitProducerId request) {
    String id = request.transactionalId();
    if (id == null) {
      return new Reply.Producer(Errors.NONE, producerIds++, FIRST_EPOCH);
    }
    if (request.transactionTimeoutMillis() > TIMEOUT_MILLIS_MAX) {
      return new Reply.Producer(Errors.INVALID_TRANSACTION_TIMEOUT, -1, (short) -1);
    }
    Transaction transaction = byId.get(id);
    if (transaction == null) {
      transaction = new Transaction();
      transaction.producerId = producerIds++;
      transaction.epoch = FIRST_EPOCH;
      transaction.timeoutMillis = request.transactionTimeoutMillis();
      byId.put(id, transaction);
      return new Reply.Producer(Errors.NONE, transaction.producerId, transaction.epoch);
    }
    if (request.producerId() == transaction.producerId
        && request.epoch() == transaction.epoch - 1
        && transaction.state == State.EMPTY) {
      // asked again: the reply was lost
      return new Reply.Producer(Errors.NONE, transaction.producerId, transaction.epoch);
    }
    if (request.producerId() >= 0
        && (request.producerId() != transaction.producerId
            || request.epoch() < transaction.epoch)) {
      return new Reply.Producer(Errors.PRODUCER_FENCED, -1, (short) -1);
    }
    return switch (transaction.state) {
      case PREPARE_COMMIT, PREPARE_ABORT ->
          new Reply.Producer(Errors.CONCURRENT_TRANSACTIONS, -1, (short) -1);
      case ONGOING -> {
        end(transaction, false);
        yield new Reply.Producer(Errors.CONCURRENT_TRANSACTIONS, -1, (short) -1);
      }
      case EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT -> {
        bump(transaction);
        transaction.timeoutMillis = request.transactionTimeoutMillis();
        transaction.state = State.EMPTY;
        yield new Reply.Producer(Errors.NONE, transaction.producerId, transaction.epoch);
      }
    };
  }

  private void bump(Transaction transaction) {
    if (transaction.epoch >= Short.MAX_VALUE - 1) {
      transaction.producerId = producerIds++;
      transaction.epoch = FIRST_EPOCH;
    } else {
      transaction.epoch++;
    }
  }

  /// A partition is written to in a transaction.
  Errors join(String id, long producerId, short epoch, TopicPartition partition) {
    Errors refused = join(id, producerId, epoch);
    if (refused == Errors.NONE) {
      transaction(id).partitions.add(partition);
    }
    return refused;
  }

  /// Offsets of a group are committed in a transaction.
  Errors join(String id, long producerId, short epoch, String group) {
    Errors refused = join(id, producerId, epoch);
    if (refused == Errors.NONE) {
      transaction(id).groups.add(group);
    }
    return refused;
  }

  private Errors join(String id, long producerId, short epoch) {
    Transaction transaction = byId.get(id);
    if (transaction == null || transaction.producerId != producerId) {
      return Errors.INVALID_PRODUCER_ID_MAPPING;
    }
    if (epoch != transaction.epoch) {
      return Errors.INVALID_PRODUCER_EPOCH;
    }
    if (transaction.isEnding()) {
      return Errors.CONCURRENT_TRANSACTIONS;
    }
    if (transaction.state != State.ONGOING) {
      transaction.state = State.ONGOING;
      transaction.begun = scheduler.now();
      transaction.number++;
      expire(transaction);
    }
    return Errors.NONE;
  }

  private Transaction transaction(String id) {
    Transaction transaction = byId.get(id);
    if (transaction == null) {
      throw new IllegalStateException("no transactional id " + id);
    }
    return transaction;
  }

  private void expire(Transaction transaction) {
    long number = transaction.number;
    long due = transaction.begun + transaction.timeoutMillis * 1_000_000L;
    long looked = (due / LOOKS_EVERY.toNanos() + 1) * LOOKS_EVERY.toNanos();
    scheduler.after(
        scheduler.world(),
        looked - scheduler.now(),
        () -> {
          if (transaction.state == State.ONGOING && transaction.number == number) {
            scheduler.note(scheduler.world(), "transaction timed out", transaction.producerId, 0);
            end(transaction, false);
          }
        });
  }

  Reply.Producer end(Request.EndTxn request) {
    Transaction transaction = byId.get(request.transactionalId());
    if (transaction == null || transaction.producerId != request.producerId()) {
      return new Reply.Producer(Errors.INVALID_PRODUCER_ID_MAPPING, -1, (short) -1);
    }
    State preparing = request.commit() ? State.PREPARE_COMMIT : State.PREPARE_ABORT;
    State complete = request.commit() ? State.COMPLETE_COMMIT : State.COMPLETE_ABORT;
    if (request.epoch() == transaction.epoch - 1) {
      // asked again: its end was decided, and the reply was lost
      if (transaction.state == complete) {
        return new Reply.Producer(Errors.NONE, transaction.producerId, transaction.epoch);
      }
      if (transaction.state == preparing) {
        return new Reply.Producer(Errors.CONCURRENT_TRANSACTIONS, -1, (short) -1);
      }
      if (transaction.isEnding() || transaction.hasEnded()) {
        // it was aborted because its time was over, or ended the other way
        return new Reply.Producer(Errors.INVALID_TXN_STATE, -1, (short) -1);
      }
    }
    if (request.epoch() != transaction.epoch) {
      return new Reply.Producer(Errors.PRODUCER_FENCED, -1, (short) -1);
    }
    return switch (transaction.state) {
      case ONGOING -> {
        end(transaction, request.commit());
        yield new Reply.Producer(Errors.NONE, transaction.producerId, transaction.epoch);
      }
      case PREPARE_COMMIT, PREPARE_ABORT ->
          new Reply.Producer(Errors.CONCURRENT_TRANSACTIONS, -1, (short) -1);
      case EMPTY, COMPLETE_COMMIT, COMPLETE_ABORT -> {
        if (request.commit()) {
          yield new Reply.Producer(Errors.INVALID_TXN_STATE, -1, (short) -1);
        }
        bump(transaction);
        transaction.state = State.COMPLETE_ABORT;
        yield new Reply.Producer(Errors.NONE, transaction.producerId, transaction.epoch);
      }
    };
  }

  private void end(Transaction transaction, boolean commit) {
    long producerId = transaction.producerId;
    bump(transaction);
    short epoch = transaction.producerId == producerId ? transaction.epoch : Short.MAX_VALUE;
    transaction.state = commit ? State.PREPARE_COMMIT : State.PREPARE_ABORT;
    transaction.underWay = transaction.partitions.size() + transaction.groups.size();
    for (TopicPartition partition : transaction.partitions) {
      onItsWay(transaction, () -> markers.partition(partition, producerId, epoch, commit), commit);
    }
    for (String group : transaction.groups) {
      onItsWay(transaction, () -> markers.group(group, producerId, commit), commit);
    }
    transaction.partitions.clear();
    transaction.groups.clear();
  }

  private void onItsWay(Transaction transaction, Runnable marker, boolean commit) {
    scheduler.after(
        scheduler.world(),
        delay.nanos(),
        () -> {
          marker.run();
          if (--transaction.underWay == 0) {
            transaction.state = commit ? State.COMPLETE_COMMIT : State.COMPLETE_ABORT;
          }
        });
  }

  /// What an administrator is told of an id's latest transaction.
  Reply.TransactionState describe(String id) {
    Transaction transaction = byId.get(id);
    if (transaction == null) {
      return new Reply.TransactionState(
          Errors.TRANSACTIONAL_ID_NOT_FOUND, "Unknown", -1, (short) -1, 0, -1, Set.of());
    }
    return new Reply.TransactionState(
        Errors.NONE,
        transaction.state.text,
        transaction.producerId,
        transaction.epoch,
        transaction.timeoutMillis,
        transaction.state == State.EMPTY ? -1 : Duration.ofNanos(transaction.begun).toMillis(),
        Set.copyOf(transaction.partitions));
  }

  /// Whether any transaction is open or ending.
  boolean isQuiet() {
    return byId.values().stream()
        .noneMatch(transaction -> transaction.isEnding() || transaction.state == State.ONGOING);
  }
}
