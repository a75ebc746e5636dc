package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Request;

/// Where a consumer stands in its group: which generation it is in, how far it has come in joining
/// the next, and whether it has to.
///
/// Polls, the replies to a join, heartbeats and commits all read it and move it on; whoever sent a
/// request therefore compares the generation that it was sent in with the one of now.
final class MembershipState {

  private final Connection connection;
  private final GroupSettings settings;
  private Stage stage = Stage.UNJOINED;
  private Generation generation = Generation.NONE;
  private boolean rejoinNeeded = true;
  private boolean needsPreparation = true;

  private enum Stage {
    UNJOINED,
    PREPARING_REBALANCE,
    COMPLETING_REBALANCE,
    STABLE
  }

  MembershipState(Connection connection, GroupSettings settings) {
    this.connection = connection;
    this.settings = settings;
  }

  GroupSettings settings() {
    return settings;
  }

  Generation generation() {
    return generation;
  }

  /// Who speaks, to the coordinator.
  Request.Member speaker() {
    return new Request.Member(
        settings.group(), generation.id(), generation.member(), settings.instance());
  }

  boolean isUnjoined() {
    return stage == Stage.UNJOINED;
  }

  boolean isJoining() {
    return stage == Stage.PREPARING_REBALANCE;
  }

  /// Whether it is in a generation whose assignment it does not have yet.
  boolean isSyncing() {
    return stage == Stage.COMPLETING_REBALANCE;
  }

  boolean isStable() {
    return stage == Stage.STABLE;
  }

  boolean isRebalancing() {
    return isJoining() || isSyncing();
  }

  /// Whether it is in a generation, or about to be.
  boolean hasJoined() {
    return isSyncing() || isStable();
  }

  boolean isRejoinNeeded() {
    return rejoinNeeded;
  }

  // the moves

  void requestRejoin() {
    rejoinNeeded = true;
  }

  /// Whether listeners have to be told before it joins; they are told once.
  boolean takePreparation() {
    boolean needed = needsPreparation;
    needsPreparation = false;
    return needed;
  }

  void join() {
    stage = Stage.PREPARING_REBALANCE;
  }

  /// The coordinator has given it a name, under which it has to join.
  void named(String member) {
    generation = new Generation(Generation.NONE.id(), member, null);
    requestRejoin();
  }

  /// The coordinator has let it into a generation.
  void joined(Generation next) {
    stage = Stage.COMPLETING_REBALANCE;
    generation = next;
  }

  /// It has its assignment, which the next poll takes over.
  void synced() {
    stage = Stage.STABLE;
    rejoinNeeded = false;
  }

  /// The assignment was taken over: the next rebalance is prepared for again.
  void settled() {
    needsPreparation = true;
  }

  /// Out of the generation: what is held is lost, and told so by the next poll.
  ///
  /// @param forgetMember whether the coordinator no longer knows the member
  void resetAndRejoin(boolean forgetMember) {
    stage = Stage.UNJOINED;
    generation = forgetMember ? Generation.NONE : generation.withoutId();
    rejoinNeeded = true;
    needsPreparation = true;
    connection.changed();
  }
}
