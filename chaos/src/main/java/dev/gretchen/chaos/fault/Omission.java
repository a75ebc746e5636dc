package dev.gretchen.chaos.fault;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/// What the fault catalogue knows and no kind does, and why: each is SKIPPED wherever it is asked
/// for, so that nothing is absent in silence. A reason says what the fault would not show beyond
/// what the other kinds do, or what stands in its way in any run.
public enum Omission {
  OUT_OF_MEMORY_KILL(
      "P9", "oom-kill", "the kernel ends a process with SIGKILL then, as kill-worker does"),
  HUNG_HANDLER(
      "P11",
      "hung-handler",
      "no app's handler can be told to hang; commit-pause holds the thread that commits"),
  PACKET_LOSS(
      "N7", "packet-loss", "what TCP leaves of lost packets is latency, which slow-link makes"),
  NO_NAMES(
      "N15",
      "no-names",
      "brokers and services are told by their addresses, and no name is looked up"),
  MANGLED_PACKETS(
      "N16",
      "mangled-packets",
      "TCP puts right what is doubled, out of order or damaged before anybody sees it"),
  UNCLEAN_ELECTION(
      "B5",
      "unclean-election",
      "Kafka would lose what it has acknowledged, and no app can be judged by what is left"),
  RECREATED_TOPIC(
      "B8",
      "recreated-topic",
      "its events would be gone, and with them the truth by which an app is judged"),
  QUOTA(
      "B9",
      "quota",
      "what a quota leaves of a link is what narrow-link leaves; brokers of a run know no users"),
  BROKER_UPGRADE(
      "B11",
      "broker-upgrade",
      "there is one version of the brokers; broker-stop is a step of an upgrade"),
  OVERDUE_POLL(
      "G4",
      "overdue-poll",
      "no app's handler can be told to be slow; evicting-pause and starved-worker are overdue too"),
  DOUBLED_MEMBER(
      "G5",
      "doubled-member",
      "which member a worker is it decides itself; double-start gives a second process its name"),
  OFFSETS_SET_BACK(
      "G7",
      "offsets-set-back",
      "whoever sets a group's offsets back orders doubled effects, and there is no wrong answer"),
  LEADER_CHANGE(
      "G8",
      "leader-change",
      "no descriptor tells which worker leads an app with timers; kill-all and scaling reach it"),
  PROTOCOL_CHANGE(
      "G9",
      "protocol-change",
      "workers bring an assignor of their own, which only the classic protocol of groups allows"),
  FORGOTTEN_PRODUCER(
      "G10",
      "forgotten-producer",
      "brokers would forget the load's producers too, and take a retry of theirs for an event"),
  STALE_CHECKPOINT(
      "D3",
      "stale-checkpoint",
      "the contract knows no record of offsets apart from the tables; old-state puts back both"),
  TINY_STORE(
      "D11",
      "tiny-store",
      "no app's command names the memory of its store; little-memory denies it to all the process"),
  CLOCK_RATE(
      "C2",
      "clock-rate",
      "an error that grows cannot be put right in what a worker tells; clock-jump is one at once"),
  FUTURE_EVENTS(
      "C4",
      "future-events",
      "times of events are the load's, which has late ones; brokers refuse those of the future"),
  CALENDAR(
      "C5", "calendar", "windows are counted in milliseconds from the epoch and know no calendar");

  private final String id;
  private final String word;
  private final String reason;

  Omission(String id, String word, String reason) {
    this.id = id;
    this.word = word;
    this.reason = reason;
  }

  /// The code in the catalogue, such as `P9`.
  public String id() {
    return id;
  }

  /// The word for it, such as `oom-kill`.
  public String word() {
    return word;
  }

  /// Half a sentence.
  public String reason() {
    return reason;
  }

  /// Those that a user means by an id, its letter or a word, none where there is none.
  static Set<Omission> named(String name) {
    return Arrays.stream(values())
        .filter(omission -> Selection.isCode(omission.id, name) || omission.word.equals(name))
        .collect(Collectors.toSet());
  }
}
