package dev.gretchen.testkit.client;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// What a consumer reads, and where it stands in each partition.
final class Subscriptions {

  /// Where a partition begins that has no committed offset.
  enum Reset {
    EARLIEST,
    LATEST,
    NONE
  }

  private final Reset defaultReset;
  private Set<String> topics = Set.of();
  private @Nullable ConsumerRebalanceListener listener;
  private boolean isByTopic;
  private TreeMap<TopicPartition, Place> assignment = new TreeMap<>(Partitions.BY_NAME);

  /// One partition: it has a position, waits for a reset, or has yet to be given either.
  private static final class Place {
    @Nullable Long position;
    @Nullable Reset reset;
    boolean paused;
  }

  Subscriptions(Reset defaultReset) {
    this.defaultReset = defaultReset;
  }

  void subscribe(Collection<String> wanted, @Nullable ConsumerRebalanceListener by) {
    if (!isByTopic && !assignment.isEmpty()) {
      throw new IllegalStateException(
          "Subscription to topics, partitions and pattern are mutually exclusive");
    }
    topics = new TreeSet<>(wanted);
    listener = by;
    isByTopic = true;
  }

  void assignByHand(Collection<TopicPartition> partitions) {
    if (isByTopic) {
      throw new IllegalStateException(
          "Subscription to topics, partitions and pattern are mutually exclusive");
    }
    assign(partitions);
  }

  /// The partitions that are held from now on; those held before keep their place.
  void assign(Collection<TopicPartition> partitions) {
    TreeMap<TopicPartition, Place> next = new TreeMap<>(Partitions.BY_NAME);
    for (TopicPartition partition : partitions) {
      Place place = assignment.get(partition);
      next.put(partition, place == null ? new Place() : place);
    }
    assignment = next;
  }

  void unsubscribe() {
    topics = Set.of();
    listener = null;
    isByTopic = false;
    assignment = new TreeMap<>(Partitions.BY_NAME);
  }

  boolean isByTopic() {
    return isByTopic;
  }

  boolean isEmpty() {
    return !isByTopic && assignment.isEmpty();
  }

  Set<String> topics() {
    return topics;
  }

  @Nullable ConsumerRebalanceListener listener() {
    return listener;
  }

  /// In order of topic and number; a copy.
  NavigableSet<TopicPartition> assigned() {
    return where(_ -> true);
  }

  boolean isAssigned(TopicPartition partition) {
    return assignment.containsKey(partition);
  }

  private Place place(TopicPartition partition) {
    Place place = assignment.get(partition);
    if (place == null) {
      throw new IllegalStateException("No current assignment for partition " + partition);
    }
    return place;
  }

  private NavigableSet<TopicPartition> where(Predicate<Place> kind) {
    NavigableSet<TopicPartition> found = Partitions.none();
    assignment.forEach((partition, place) -> {
      if (kind.test(place)) {
        found.add(partition);
      }
    });
    return found;
  }

  void pause(TopicPartition partition) {
    place(partition).paused = true;
  }

  void resume(TopicPartition partition) {
    place(partition).paused = false;
  }

  boolean isPaused(TopicPartition partition) {
    Place place = assignment.get(partition);
    return place != null && place.paused;
  }

  NavigableSet<TopicPartition> paused() {
    return where(place -> place.paused);
  }

  void seek(TopicPartition partition, long offset) {
    Place place = place(partition);
    place.position = offset;
    place.reset = null;
  }

  /// Has a partition's position looked up, and until then have none.
  void reset(TopicPartition partition, Reset to) {
    Place place = place(partition);
    place.position = null;
    place.reset = to;
  }

  @Nullable Long position(TopicPartition partition) {
    Place place = assignment.get(partition);
    return place == null ? null : place.position;
  }

  boolean haveAllPositions() {
    return assignment.values().stream().allMatch(place -> place.position != null);
  }

  /// Those that have neither a position nor a reset.
  NavigableSet<TopicPartition> withoutPosition() {
    return where(place -> place.position == null && place.reset == null);
  }

  /// @throws NoOffsetForPartitionException if there is no way to find where they begin
  void resetThoseWithoutPosition() {
    NavigableSet<TopicPartition> open = withoutPosition();
    if (!open.isEmpty() && defaultReset == Reset.NONE) {
      throw new NoOffsetForPartitionException(new ArrayList<>(open));
    }
    open.forEach(partition -> place(partition).reset = defaultReset);
  }

  Reset defaultReset() {
    return defaultReset;
  }

  /// Those that wait for a reset of a kind.
  NavigableSet<TopicPartition> awaiting(Reset kind) {
    return where(place -> place.position == null && place.reset == kind);
  }

  boolean isAwaiting(TopicPartition partition, Reset kind) {
    Place place = assignment.get(partition);
    return place != null && place.position == null && place.reset == kind;
  }

  /// The positions, as they would be committed.
  Map<TopicPartition, Long> positions() {
    Map<TopicPartition, Long> found = new TreeMap<>(Partitions.BY_NAME);
    assignment.forEach((partition, place) -> {
      Long position = place.position;
      if (position != null) {
        found.put(partition, position);
      }
    });
    return found;
  }

  /// Partitions that may be fetched, with their positions.
  List<TopicPartition> fetchable() {
    return List.copyOf(where(place -> place.position != null && !place.paused));
  }
}
