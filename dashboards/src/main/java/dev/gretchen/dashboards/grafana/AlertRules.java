package dev.gretchen.dashboards.grafana;

import dev.gretchen.engine.Meter;
import dev.gretchen.verifier.report.RunMetric;
import java.util.List;

/// When somebody has to be woken, or has to look in the morning: Prometheus alert rules.
final class AlertRules {

  private static final String STAGE = "stage";

  /// @param after how long it must hold before somebody is told, such as `1m`
  /// @param severity `page` or `ticket`
  /// @param summary a sentence with labels as `{{ $labels.app }}`
  private record Rule(String name, Query query, String after, String severity, String summary) {}

  private static final List<Rule> RULES =
      List.of(
          new Rule(
              "GretchenNoCommits",
              Query.any(Meter.LAG)
                  .value()
                  .sum("app")
                  .where("> 0")
                  .and(
                      Query.any(Meter.COMMITS)
                          .where("outcome", "committed")
                          .rate("2m")
                          .sum("app")
                          .where("== 0")),
              "1m",
              "page",
              "{{ $labels.app }} has work waiting and has committed nothing for minutes"),
          new Rule(
              "GretchenLagGrows",
              Query.any(Meter.LAG)
                  .value()
                  .sum("app")
                  .where("> 10000")
                  .and(Query.any(Meter.LAG).delta("10m").sum("app").where("> 0")),
              "10m",
              "ticket",
              "{{ $labels.app }} is {{ $value }} records behind, and falls further behind"),
          new Rule(
              "GretchenRecoveryStuck",
              Query.any(Meter.TASKS)
                  .where(STAGE, "recovering")
                  .value()
                  .sum("app", "worker")
                  .where("> 0"),
              "5m",
              "page",
              "{{ $labels.worker }} of {{ $labels.app }} recovers {{ $value }} tasks and does not end"),
          new Rule(
              "GretchenOneWorkerLeft",
              Query.any(Meter.TASKS).where(STAGE, "running").value().count("app").where("< 2"),
              "2m",
              "ticket",
              "{{ $labels.app }} has one worker that answers: the next fault stops it"),
          new Rule(
              "GretchenStateThrownAway",
              Query.any(Meter.WIPES).increase("15m").sum("app", "reason").where("> 0"),
              "0m",
              "ticket",
              "{{ $labels.app }} threw local state away: {{ $labels.reason }}"),
          new Rule(
              "GretchenDeadLetters",
              Query.any(Meter.EVENTS_DEAD).increase("15m").sum("app").where("> 0"),
              "0m",
              "ticket",
              "{{ $labels.app }} put events aside; their reasons are in its dead-letter topic"),
          new Rule(
              "GretchenOutcomesUnknown",
              Query.any(Meter.RESETS).increase("15m").sum("app").where("> 3"),
              "0m",
              "ticket",
              "{{ $labels.app }} began tasks anew after transactions of unknown outcome, again and again"),
          new Rule(
              "GretchenRunFailed",
              Query.any(RunMetric.VERIFY_RUN_STATUS).value().max("app").where("== 1"),
              "0m",
              "page",
              "the latest run of {{ $labels.app }} found an anomaly: read its report.html"),
          new Rule(
              "GretchenRunUndecided",
              Query.any(RunMetric.VERIFY_RUN_STATUS).value().max("app").where("> 1"),
              "0m",
              "ticket",
              "the latest run of {{ $labels.app }} decided nothing, which is no pass"),
          new Rule(
              "GretchenNoRuns",
              Query.any(RunMetric.VERIFY_RUN_END_TIMESTAMP_SECONDS).value().ago().where("> 129600"),
              "0m",
              "ticket",
              "{{ $labels.app }} was not verified for a day and a half: is the soak dead?"));

  private AlertRules() {}

  /// The text of their file. Expressions stand in single quotes, which they hold none of.
  static String render() {
    StringBuilder yaml = new StringBuilder("# " + GeneratedFiles.ORIGIN + "\n");
    yaml.append("groups:\n  - name: gretchen\n    rules:\n");
    for (Rule rule : RULES) {
      yaml.append("      - alert: ").append(rule.name()).append('\n');
      yaml.append("        expr: '").append(rule.query().text()).append("'\n");
      if (!rule.after().equals("0m")) {
        yaml.append("        for: ").append(rule.after()).append('\n');
      }
      yaml.append("        labels:\n          severity: ").append(rule.severity()).append('\n');
      yaml.append("        annotations:\n          summary: '").append(rule.summary());
      yaml.append("'\n");
    }
    return yaml.toString();
  }
}
