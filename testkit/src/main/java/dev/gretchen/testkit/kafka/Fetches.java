package dev.gretchen.testkit.kafka;

import dev.gretchen.testkit.sim.Scheduler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/// Fetches, and those among them that found nothing yet: they wait until there is something for
/// them or their time is over, and are answered once.
///
/// Where several wait for the same record, they are answered in the order in which they came.
final class Fetches {

  private final Scheduler scheduler;
  private final Topics topics;
  private final List<Waiting> waiting = new ArrayList<>();
  private int recordsMax = Integer.MAX_VALUE;

  Fetches(Scheduler scheduler, Topics topics) {
    this.scheduler = scheduler;
    this.topics = topics;
  }

  /// A fetch that found nothing yet.
  private final class Waiting {
    final Request.Fetch fetch;
    final Consumer<Reply.Fetched> respond;
    boolean answered;

    Waiting(Request.Fetch fetch, Consumer<Reply.Fetched> respond) {
      this.fetch = fetch;
      this.respond = respond;
    }

    void answer() {
      if (!answered) {
        answered = true;
        respond.accept(read(fetch));
      }
    }
  }

  /// From now on an answer holds so many records at most.
  void limit(int records) {
    recordsMax = records;
  }

  /// @param respond told at once if there is something, or if the fetch does not wait
  void fetch(Request.Fetch request, Consumer<Reply.Fetched> respond) {
    Reply.Fetched now = read(request);
    if (request.maxWaitMillis() <= 0 || holdsSomething(now, request)) {
      respond.accept(now);
      return;
    }
    Waiting fetch = new Waiting(request, respond);
    waiting.add(fetch);
    scheduler.after(
        scheduler.world(),
        request.maxWaitMillis() * 1_000_000L,
        () -> {
          waiting.remove(fetch);
          fetch.answer();
        });
  }

  /// Something was appended, or became stable: fetches that wait may have their answer.
  void look() {
    for (Waiting fetch : List.copyOf(waiting)) {
      if (holdsSomething(read(fetch.fetch), fetch.fetch)) {
        waiting.remove(fetch);
        fetch.answer();
      }
    }
  }

  private Reply.Fetched read(Request.Fetch request) {
    Map<TopicPartition, Reply.Slice> slices = new LinkedHashMap<>();
    int left = Math.min(request.messagesMax(), recordsMax);
    for (Map.Entry<TopicPartition, Long> asked : request.positions().entrySet()) {
      Log log = topics.log(asked.getKey());
      Reply.Slice slice =
          log == null
              ? new Reply.Slice(
                  Errors.UNKNOWN_TOPIC_OR_PARTITION, List.of(), asked.getValue(), 0, 0)
              : log.read(asked.getValue(), request.committed(), Math.max(1, left));
      left -= slice.records().size();
      slices.put(asked.getKey(), slice);
    }
    return new Reply.Fetched(slices);
  }

  /// An error is something, and so is a step forward, if only over what the reader may not see.
  private static boolean holdsSomething(Reply.Fetched fetched, Request.Fetch request) {
    return fetched.partitions().entrySet().stream()
        .anyMatch(entry ->
            entry.getValue().error() != Errors.NONE
                || entry.getValue().nextOffset()
                    > request.positions().getOrDefault(entry.getKey(), Long.MAX_VALUE));
  }
}
