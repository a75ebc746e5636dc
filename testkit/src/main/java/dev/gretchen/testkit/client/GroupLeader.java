package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;

/// The leader's part of a rebalance: it has to know the topics before it can share them out, and
/// keeps an eye on them afterwards.
final class GroupLeader {

  private final Connection connection;
  private final MembershipState state;
  private final Rebalances rebalances;
  private final TopicCache topics;
  private final Backoff backoff;
  private final TopicWatch watch;

  GroupLeader(
      Connection connection,
      MembershipState state,
      Rebalances rebalances,
      TopicCache topics,
      Backoff backoff) {
    this.connection = connection;
    this.state = state;
    this.rebalances = rebalances;
    this.topics = topics;
    this.backoff = backoff;
    GroupSettings settings = state.settings();
    this.watch =
        new TopicWatch(connection, topics, settings.topicsMaxAge(), settings.requestTimeout());
  }

  /// Shares out the topics among the members of a generation, in the background.
  ///
  /// @param attempt fails if the generation is over before, or if the assignor throws
  /// @param assigned told the assignments by member, if all goes well
  void share(JoinAttempt attempt, Reply.Joined joined, Consumer<Map<String, byte[]>> assigned) {
    Set<String> wanted = rebalances.topicsOf(joined);
    connection.send(
        new Request.Metadata(wanted),
        state.settings().requestTimeout(),
        reply -> {
          if (!state.isSyncing() || !isNow(joined)) {
            attempt.fail(Errors.REBALANCE_IN_PROGRESS);
          } else if (reply == null || reply.error() != Errors.NONE) {
            connection.after(backoff.nanos(0), () -> share(attempt, joined, assigned));
          } else {
            topics.take(wanted, reply);
            assign(attempt, joined, reply, assigned);
            watch.begin(
                wanted,
                reply.topics(),
                () -> isNow(joined) && state.hasJoined(),
                state::requestRejoin);
          }
        });
  }

  private boolean isNow(Reply.Joined joined) {
    return state.generation().id() == joined.generation();
  }

  private void assign(
      JoinAttempt attempt,
      Reply.Joined joined,
      Reply.Topics found,
      Consumer<Map<String, byte[]>> assigned) {
    Map<String, byte[]> assignments;
    try {
      assignments = rebalances.assign(joined, found.topics());
    } catch (RuntimeException thrown) {
      attempt.fail(thrown);
      connection.changed();
      return;
    }
    assigned.accept(assignments);
  }
}
