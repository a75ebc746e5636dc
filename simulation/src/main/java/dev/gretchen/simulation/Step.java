package dev.gretchen.simulation;

import java.time.Duration;
import org.apache.kafka.common.protocol.Errors;

/// One disturbance of a schedule. Slots are worker numbers, from 0.
public sealed interface Step {

  /// When it comes, after the beginning of the load.
  Duration at();

  /// What is left of the slot's disk.
  enum Disk {
    /// What was flushed before the crash.
    KEPT,
    WIPED,
    /// A copy from earlier in the run is put back.
    OLDER
  }

  /// The worker dies as by `kill -9`, and its slot starts again.
  record Crash(Duration at, int slot, Duration down, Disk disk) implements Step {}

  /// The worker halts at a failpoint's n-th hit from now, and its slot starts again.
  ///
  /// @param again failpoints that are armed in the process that follows, empty for none
  record HaltAt(Duration at, int slot, String failpoint, int hit, Duration down, String again)
      implements Step {}

  /// The worker stands still, as by SIGSTOP, and then goes on as if nothing had been.
  record Pause(Duration at, int slot, Duration length) implements Step {}

  /// The same at a failpoint's n-th hit from now: so does a zombie come about that wakes in the
  /// middle of a commit.
  record PauseAt(Duration at, int slot, String failpoint, int hit, Duration length)
      implements Step {}

  /// The worker's poll loop stands still, and all else in it goes on: its heartbeats, its links,
  /// its commits.
  record Stall(Duration at, int slot, Duration length) implements Step {}

  /// A second process is started on the worker's disk, under its name.
  record Twin(Duration at, int slot) implements Step {}

  /// Nothing gets through between the worker and the brokers.
  record CutOff(Duration at, int slot, Duration length) implements Step {}

  /// Nothing gets through between two workers, or one way only; the brokers hear both.
  record CutLink(Duration at, int slot, int other, boolean oneWay, Duration length)
      implements Step {}

  /// No other worker hears the worker, which hears all of them; the brokers hear it.
  record Mute(Duration at, int slot, Duration length) implements Step {}

  /// The worker stops in order, and starts again.
  record Restart(Duration at, int slot, Duration down) implements Step {}

  /// One more worker.
  record Join(Duration at, int slot) implements Step {}

  /// A worker stops in order for good.
  record Leave(Duration at, int slot) implements Step {}

  /// The reply to the n-th request of a kind, from now, is lost, though it was carried out.
  record LoseReply(Duration at, int slot, String api, int nth) implements Step {}

  /// The replies to all requests of a kind are lost for a while, though they are carried out.
  record LoseReplies(Duration at, int slot, String api, Duration length) implements Step {}

  /// The n-th request of a kind, from now, arrives late, when its sender has given up on it.
  record Delay(Duration at, int slot, String api, int nth, Duration by) implements Step {}

  /// The brokers refuse requests of a kind for a while, with an error that passes.
  record Refuse(Duration at, String api, Errors error, Duration length) implements Step {}

  /// Requests and replies of all workers are lost, each with a probability.
  record Losses(Duration at, double probability, Duration length) implements Step {}

  /// Everything takes longer.
  record Slow(Duration at, int factor, Duration length) implements Step {}

  /// The brokers compact the changelogs.
  record Compact(Duration at) implements Step {}

  /// In a few words, for whoever reads a failing schedule.
  default String text() {
    return switch (this) {
      case Crash(_, int slot, Duration down, Disk disk) ->
          "crash w%d, down %d ms, disk %s"
              .formatted(slot, down.toMillis(), disk.name().toLowerCase(java.util.Locale.ROOT));
      case HaltAt(_, int slot, String failpoint, int hit, Duration down, String again) ->
          "halt w%d at %s, hit %d, down %d ms%s"
              .formatted(
                  slot, failpoint, hit, down.toMillis(), again.isEmpty() ? "" : ", then " + again);
      case Pause(_, int slot, Duration length) ->
          "pause w%d for %d ms".formatted(slot, length.toMillis());
      case PauseAt(_, int slot, String failpoint, int hit, Duration length) ->
          "pause w%d at %s, hit %d, for %d ms".formatted(slot, failpoint, hit, length.toMillis());
      case Stall(_, int slot, Duration length) ->
          "hold up the poll loop of w%d for %d ms".formatted(slot, length.toMillis());
      case Twin(_, int slot) -> "start a second process on the disk of w%d".formatted(slot);
      case CutOff(_, int slot, Duration length) ->
          "cut w%d off for %d ms".formatted(slot, length.toMillis());
      case CutLink(_, int slot, int other, boolean oneWay, Duration length) ->
          "cut the link from w%d to w%d%s for %d ms"
              .formatted(slot, other, oneWay ? "" : " and back", length.toMillis());
      case Mute(_, int slot, Duration length) ->
          "no worker hears w%d for %d ms".formatted(slot, length.toMillis());
      case Restart(_, int slot, Duration down) ->
          "restart w%d, down %d ms".formatted(slot, down.toMillis());
      case Join(_, int slot) -> "w%d joins".formatted(slot);
      case Leave(_, int slot) -> "w%d leaves".formatted(slot);
      case LoseReply(_, int slot, String api, int nth) ->
          "lose the reply to %s no. %d of w%d".formatted(api, nth, slot);
      case LoseReplies(_, int slot, String api, Duration length) ->
          "lose all replies to %s of w%d for %d ms".formatted(api, slot, length.toMillis());
      case Delay(_, int slot, String api, int nth, Duration by) ->
          "delay %s no. %d of w%d by %d ms".formatted(api, nth, slot, by.toMillis());
      case Refuse(_, String api, Errors error, Duration length) ->
          "refuse %s with %s for %d ms".formatted(api, error, length.toMillis());
      case Losses(_, double probability, Duration length) ->
          "lose %.0f %% of all requests and replies for %d ms"
              .formatted(probability * 100, length.toMillis());
      case Slow(_, int factor, Duration length) ->
          "everything takes %d times as long for %d ms".formatted(factor, length.toMillis());
      case Compact(_) -> "compact the changelogs";
    };
  }
}
