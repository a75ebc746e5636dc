package dev.gretchen.testkit.client;

import org.jspecify.annotations.Nullable;

/// When a member has to show that it lives: a thread of its own in the real client, timers here.
///
/// It beats from the moment the group lets the member in until it joins again or leaves, whatever
/// the polling fiber does meanwhile; a polling fiber that stays away for too long loses its
/// membership.
final class Heartbeats {

  private final Connection connection;
  private final GroupSettings settings;
  private final Backoff backoff;
  private final Member member;
  private boolean isOn;
  private long number;
  private long beatAt;
  private long sessionEnds;
  private long pollIsLateAt;
  private int failures;
  private @Nullable RuntimeException failure;

  /// Whose heart it is.
  interface Member {

    /// Whether it is in a generation, or about to be.
    boolean hasJoined();

    /// Sends a heartbeat.
    void beat();

    /// The coordinator has not answered for as long as it takes to lose the membership.
    void sessionIsOver();

    /// The application has not polled for too long.
    void pollIsLate();
  }

  Heartbeats(Connection connection, GroupSettings settings, Backoff backoff, Member member) {
    this.connection = connection;
    this.settings = settings;
    this.backoff = backoff;
    this.member = member;
  }

  /// The group has let the member in.
  void begin() {
    long now = connection.now();
    sessionEnds = now + settings.session().toNanos();
    pollIsLateAt = now + settings.pollInterval().toNanos();
    beatAt = now + settings.heartbeat().toNanos();
    isOn = true;
    schedule();
  }

  void end() {
    isOn = false;
    number++;
  }

  /// The application polls.
  ///
  /// @throws RuntimeException what made the heartbeats stop, once
  void polled() {
    RuntimeException thrown = failure;
    if (thrown != null) {
      failure = null;
      throw thrown;
    }
    pollIsLateAt = connection.now() + settings.pollInterval().toNanos();
  }

  /// The coordinator has answered.
  void answered() {
    failures = 0;
    sessionEnds = connection.now() + settings.session().toNanos();
  }

  /// The coordinator has not answered, or not as it should.
  void failed() {
    beatAt = connection.now() + backoff.nanos(failures++);
    if (isOn) {
      schedule();
    }
  }

  /// The next poll is to throw this.
  void fail(RuntimeException cause) {
    failure = cause;
    end();
  }

  private void schedule() {
    long mine = ++number;
    long next = Math.min(beatAt, Math.min(sessionEnds, pollIsLateAt));
    connection.after(
        next - connection.now(),
        () -> {
          if (isOn && number == mine) {
            tick();
          }
        });
  }

  private void tick() {
    if (!member.hasJoined()) {
      end();
      return;
    }
    long now = connection.now();
    if (now >= sessionEnds) {
      // the coordinator is looked for again, and found; whether it still knows the member is told
      // by its answer to the next heartbeat
      member.sessionIsOver();
      sessionEnds = now + settings.session().toNanos();
      beatAt = now;
    }
    if (now >= pollIsLateAt) {
      member.pollIsLate();
      end();
      return;
    }
    if (now >= beatAt) {
      beatAt = now + settings.heartbeat().toNanos();
      member.beat();
    }
    schedule();
  }
}
