package dev.gretchen.testkit.kafka;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;

/// How each request is refused: by a reply of its own type that holds an error and nothing else.
final class Refusal {

  private Refusal() {}

  /// @param error not [Errors#NONE]
  @SuppressWarnings("unchecked") // each request names the type of its own reply
  static <R extends Reply> R of(Request<R> request, Errors error) {
    return (R)
        switch (request) {
          case Request.Metadata _ -> new Reply.Topics(error, Map.of());
          case Request.InitProducerId _, Request.EndTxn _ ->
              new Reply.Producer(error, -1, (short) -1);
          case Request.Produce _ -> new Reply.Produced(error, -1);
          case Request.Fetch fetch -> fetched(fetch, error);
          case Request.ListOffsets _, Request.DeleteRecords _ -> new Reply.Offsets(error, Map.of());
          case Request.JoinGroup _ -> new Reply.Joined(error, -1, "", "", "", Map.of(), Map.of());
          case Request.SyncGroup _ -> new Reply.Synced(error, "", new byte[0]);
          case Request.OffsetFetch _ -> new Reply.Committed(error, Map.of(), Set.of());
          case Request.DescribeGroup _ -> new Reply.GroupState(error, "Dead", -1, List.of());
          case Request.DescribeTransaction _ ->
              new Reply.TransactionState(error, "Unknown", -1, (short) -1, 0, -1, Set.of());
          case Request.CreateTopic _,
              Request.DeleteTopic _,
              Request.TxnOffsetCommit _,
              Request.Heartbeat _,
              Request.LeaveGroup _,
              Request.OffsetCommit _ ->
              new Reply.Status(error);
        };
  }

  private static Reply.Fetched fetched(Request.Fetch fetch, Errors error) {
    Map<TopicPartition, Reply.Slice> slices = new LinkedHashMap<>();
    fetch
        .positions()
        .forEach((partition, position) ->
            slices.put(partition, new Reply.Slice(error, List.of(), position, 0, 0)));
    return new Reply.Fetched(slices);
  }
}
