package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.ServiceLevel;
import dev.gretchen.verifier.verdict.Situation;
import dev.gretchen.verifier.verdict.Verdict;
import java.util.List;
import java.util.Optional;

/// What several reports say of service levels and situations.
final class Service {

  /// What "up" and "on time" mean, in one sentence.
  static final String MEANING =
      "Up: share of the seconds with work waiting in which committed output came, over all"
          + " partitions. On time: share of the events that had it within a second of when they"
          + " were due.";

  private Service() {}

  /// The rows that stand for whole streams.
  static List<ServiceLevel> streams(Verdict verdict) {
    return verdict.service().stream()
        .filter(level -> level.partition() == ServiceLevel.ALL)
        .toList();
  }

  /// The rows that stand for the whole run of a whole stream: the headline.
  static List<ServiceLevel> headlines(Verdict verdict) {
    return streams(verdict).stream()
        .filter(level -> level.stretch().equals(ServiceLevel.WHOLE))
        .toList();
  }

  /// The same stream and partition over another stretch.
  static Optional<ServiceLevel> over(Verdict verdict, ServiceLevel level, String stretch) {
    return verdict.service().stream()
        .filter(other -> other.topic().equals(level.topic()))
        .filter(other -> other.partition() == level.partition())
        .filter(other -> other.stretch().equals(stretch))
        .findFirst();
  }

  static String partition(ServiceLevel level) {
    return level.partition() == ServiceLevel.ALL ? "all" : Integer.toString(level.partition());
  }

  static String stretch(ServiceLevel level) {
    return level.stretch().equals(ServiceLevel.WHOLE) ? "whole run" : level.stretch();
  }

  static String up(ServiceLevel level) {
    return Phrases.percent(level.up(), level.seconds());
  }

  static String onTime(ServiceLevel level) {
    return Phrases.percent(level.onTime(), level.events() + level.missing());
  }

  /// The situations that were met, with how often.
  static List<Situation> met(Verdict verdict) {
    return verdict.situations().stream().filter(situation -> situation.times() > 0).toList();
  }

  static List<Situation> notMet(Verdict verdict) {
    return verdict.situations().stream().filter(situation -> situation.times() == 0).toList();
  }
}
