package dev.gretchen.serve.internal.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gretchen.serve.internal.http.Asked;
import dev.gretchen.serve.internal.http.Refused;
import dev.gretchen.verifier.record.Grouping;
import dev.gretchen.verifier.record.RunFilter;
import dev.gretchen.verifier.verdict.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunQueryTest {

  private static final long NOW = Instant.parse("2026-11-22T08:00:00Z").toEpochMilli();

  @Test
  void meansAllRunsWhereNothingIsSaid() {
    RunQuery expected = new RunQuery(RunFilter.ALL, 100, Grouping.COMMIT);

    assertThat(RunQuery.of(asked(Map.of()), NOW)).isEqualTo(expected);
    assertThat(RunQuery.ofTrend(asked(Map.of()), NOW).limit()).isEqualTo(1_000);
    // a form sends all of its fields
    assertThat(RunQuery.of(asked(Map.of("app", List.of(""), "seed", List.of(" "))), NOW))
        .isEqualTo(expected);
  }

  @Test
  void readsAllOfIt() {
    RunQuery query =
        RunQuery.of(
            asked(
                Map.of(
                    "app", List.of("word-colors"),
                    "verdict", List.of("FAIL,unknown", "VACUOUS"),
                    "fault", List.of("kill-owner"),
                    "violation", List.of("output-exact"),
                    "seed", List.of("-7"),
                    "commit", List.of("abc"),
                    "since", List.of("24h"),
                    "until", List.of("2026-11-22"),
                    "limit", List.of("5"),
                    "by", List.of("day"))),
            NOW);

    assertThat(query)
        .isEqualTo(
            new RunQuery(
                new RunFilter(
                    "word-colors",
                    Set.of(Outcome.FAIL, Outcome.UNKNOWN, Outcome.VACUOUS),
                    "kill-owner",
                    "output-exact",
                    -7L,
                    "abc",
                    Instant.parse("2026-11-21T08:00:00Z").toEpochMilli(),
                    Instant.parse("2026-11-22T00:00:00Z").toEpochMilli()),
                5,
                Grouping.DAY));
  }

  @ParameterizedTest
  @CsvSource({
    "24h, 2026-11-21T08:00:00Z",
    "7d, 2026-11-15T08:00:00Z",
    "90m, 2026-11-22T06:30:00Z",
    "2026-11-20, 2026-11-20T00:00:00Z",
    "2026-11-20T01:02:03Z, 2026-11-20T01:02:03Z",
  })
  void readsTimes(String text, String moment) {
    assertThat(RunQuery.of(asked(Map.of("since", List.of(text))), NOW).filter().since())
        .isEqualTo(Instant.parse(moment).toEpochMilli());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "verdict | MAYBE      | verdict: expected some of [PASS, VACUOUS",
        "seed    | 1.5        | seed: expected a whole number, found '1.5'",
        "seed    | 99999999999999999999 | seed: expected a whole number",
        "limit   | 0          | limit: expected 1 to 1000, found '0'",
        "limit   | 1001       | limit: expected 1 to 1000, found '1001'",
        "by      | hour       | by: expected one of [run, commit, day], found 'hour'",
        "since   | yesterday  | since: expected a time such as 24h or 7d ago",
        "until   | 2026-13-01 | until: expected a time such as",
        "verdit  | PASS       | Unknown parameter 'verdit'; there are app, verdict",
      })
  void saysWhatIsExpected(String name, String value, String sentence) {
    Refused refused =
        catchThrowableOfType(
            Refused.class, () -> RunQuery.of(asked(Map.of(name, List.of(value))), NOW));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.sentence()).contains(sentence);
  }

  @Test
  void wantsOneOfWhatThereCanBeOneOf() {
    Refused refused =
        catchThrowableOfType(
            Refused.class, () -> RunQuery.of(asked(Map.of("app", List.of("a", "b"))), NOW));

    assertThat(refused.sentence()).isEqualTo("app: expected one value, found 2");
  }

  private static Asked asked(Map<String, List<String>> query) {
    return new Asked("/api/runs", Map.of(), query, "", "");
  }
}
