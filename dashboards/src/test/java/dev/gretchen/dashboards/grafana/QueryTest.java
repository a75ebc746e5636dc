package dev.gretchen.dashboards.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.Meter;
import dev.gretchen.verifier.report.RunMetric;
import org.junit.jupiter.api.Test;

class QueryTest {

  @Test
  void aDashboardAsksForWhatItsReaderHasChosen() {
    assertThat(Query.of(Meter.COMMITS).where("outcome", "refused").rate().sum("worker").text())
        .isEqualTo(
            "sum by (worker) (rate(gretchen_commits_total{app=~\"$app\",worker=~\"$worker\","
                + "outcome=\"refused\"}[$__rate_interval]))");
    assertThat(Query.of(RunMetric.VERIFY_RUN_STATUS).value().max("app").text())
        .isEqualTo("max by (app) (verify_run_status{app=~\"$app\"})");
  }

  @Test
  void anAlertAsksForWhateverThereIs() {
    assertThat(Query.any(Meter.LAG).value().sum("app").where("> 0").text())
        .isEqualTo("sum by (app) (gretchen_lag) > 0");
  }

  @Test
  void aQuantileIsTakenOverBuckets() {
    assertThat(Query.any(Meter.EVENTS_DEAD).rate("5m").text())
        .isEqualTo("rate(gretchen_events_dead_total[5m])");
    assertThat(Query.buckets(Meter.COMMIT_SECONDS).rate().quantile(0.99, "worker").text())
        .startsWith(
            "histogram_quantile(0.99, sum by (le, worker) (rate(gretchen_commit_seconds_bucket{");
  }

  @Test
  void whatCannotMeanAnythingCannotBeWritten() {
    assertThatThrownBy(() -> Query.of(Meter.LAG).rate())
        .hasMessageContaining("gretchen_lag does not only rise: it has no rate");
    assertThatThrownBy(() -> Query.of(Meter.COMMITS).where("outcome", "lost"))
        .hasMessageContaining("gretchen_commits_total has no outcome 'lost'");
    assertThatThrownBy(() -> Query.of(Meter.LAG).value().sum("partition"))
        .hasMessageContaining("gretchen_lag has no label partition");
    assertThatThrownBy(() -> Query.of(Meter.COMMIT_SECONDS))
        .hasMessageContaining("COMMIT_SECONDS is a timer");
    assertThatThrownBy(() -> Query.buckets(Meter.LAG)).hasMessageContaining("LAG is no timer");
  }
}
