package dev.gretchen.verifier.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.verifier.gate.Policy.Presence;
import dev.gretchen.verifier.gate.Policy.Rank;
import dev.gretchen.verifier.gate.Policy.Reaction;
import dev.gretchen.verifier.settings.SettingsException;
import dev.gretchen.verifier.verdict.Section;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyTest {

  @ParameterizedTest
  @EnumSource
  void isShippedInAFormThatCanBeRead(Profile profile) {
    Policy policy = profile.policy();

    assertThat(policy.name()).isEqualTo(profile.word());
    assertThat(policy.reactions()).containsOnlyKeys(Section.values());
    assertThat(Profile.named(profile.word())).isEqualTo(profile);
  }

  @Test
  void readsWhatAFileSays() {
    Policy policy = Profile.NIGHTLY.policy();

    assertThat(policy.amount().apps())
        .containsExactly("word-colors", "order-enrichment", "windows");
    assertThat(policy.amount().failureRateMax()).isEqualTo(0.3);
    assertThat(policy.limits().recovery().named())
        .containsEntry(
            FaultKind.KILL_OWNER,
            Map.of(Rank.P50, Duration.ofSeconds(10), Rank.P99, Duration.ofSeconds(30)));
    assertThat(policy.coverage().faults())
        .contains(FaultKind.KILL_TWICE, FaultKind.SERVICE_OUTAGE)
        .doesNotContain(FaultKind.CUT_WORKER);
    assertThat(policy.assurance().canary()).isEqualTo(Presence.REQUIRED);
    assertThat(policy.regression().allowed()).containsEntry(Measure.LATENCY_P99, 0.5);
  }

  @Test
  void doesNotDemandWhatNoMachineCanDo() {
    assertThat(Profile.PRE_RELEASE.policy().coverage().faults())
        .contains(FaultKind.FULL_DISK, FaultKind.CUT_WORKER)
        .doesNotContain(FaultKind.LOSE_ADDOFFSETSTOTXN_RESPONSE);
  }

  @Test
  void demandsLittleWhereItSaysNothing() {
    Policy policy = Policy.parse("gate.yaml", "schema: gretchen.policy/1\nname: mine\n");

    assertThat(policy.amount().runsMin()).isEqualTo(1);
    assertThat(policy.reactionsTo(Section.SAFETY).fail()).isEqualTo(Reaction.REFUSE);
    assertThat(policy.reactionsTo(Section.SAFETY).vacuous()).isEqualTo(Reaction.REFUSE);
    assertThat(policy.limits().recovery().isEmpty()).isTrue();
    assertThat(policy.known()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "safety: {allow: [lost]}         | gate.yaml:3: safety.allow: expected only unknown and vacuous, since safety cannot be waived, found the key allow",
        "safety: {fail: accept}          | gate.yaml:3: safety.fail: expected only unknown and vacuous, since safety cannot be waived",
        "safety: {unknown: accept}       | gate.yaml:3: safety.unknown: expected refuse or retried, found 'accept'",
        "liveness: {unknown: maybe}      | gate.yaml:3: liveness.unknown: expected refuse or retried or accept, found 'maybe'",
        "livness: {}                     | gate.yaml:3: livness: expected one of the keys schema, name, runs, safety",
        "runs: {min: 0}                  | gate.yaml:3: runs.min: expected a number from 1 to 1,000,000, found '0'",
        "runs: {failure-rate-max: 1}     | gate.yaml:3: runs.failure-rate-max: expected percents up to 100%, such as 25%, found '1'",
        "recovery: {kill-them: {p50: 1s}} | gate.yaml:3: recovery.kill-them: expected others or a kind of fault",
        "recovery: {kill-owner: {p95: 1s}} | gate.yaml:3: recovery.kill-owner.p95: expected one of the keys p50, p90, p99, max",
        "recovery: {kill-owner: {p50: 1}} | gate.yaml:3: recovery.kill-owner.p50: expected a length of time such as 500ms, 90s, 5m or 8h, found '1'",
        "recovery: {kill-owner: 1s}      | gate.yaml:3: recovery.kill-owner: expected a mapping of keys, found '1s'",
        "coverage: {faults: [P77]}       | gate.yaml:3: coverage.faults: expected kill, ownership,",
        "coverage: {situations: [rain]}  | gate.yaml:3: coverage.situations: expected unknown-acknowledgement or",
        "leaks: sometimes                | gate.yaml:3: leaks: expected required or if-present, found 'sometimes'",
        "regression: {latency: 5%}       | gate.yaml:3: regression.latency: expected one of the keys baseline-min, missing, latency-p50",
        "known: [{violation: a, issue: b, expires: soon}] | gate.yaml:3: known[0].expires: expected a day such as 2027-01-31, found 'soon'",
        "known: [{violation: a, expires: 2027-01-31}] | gate.yaml:3: known[0].issue: expected a text, found nothing",
        "known: 7                        | gate.yaml:3: known: expected a list of mappings, found '7'",
        "name: twice                     | gate.yaml:3: name: expected each key once, found it twice",
        "runs: {min: [}                  | gate.yaml:3: expected YAML, found",
      })
  void namesLineKeyAndWhatIsAllowed(String line, String sentence) {
    assertThatThrownBy(() ->
            Policy.parse("gate.yaml", "schema: gretchen.policy/1\nname: mine\n" + line + "\n"))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith(sentence);
  }

  @Test
  void wantsItsSchema() {
    assertThatThrownBy(() -> Policy.parse("gate.yaml", "schema: gretchen.policy/9\nname: a\n"))
        .hasMessage("gate.yaml:1: schema: expected gretchen.policy/1, found 'gretchen.policy/9'");
    assertThatThrownBy(() -> Policy.parse("gate.yaml", ""))
        .hasMessage("gate.yaml: expected a mapping of keys, found nothing");
    assertThatThrownBy(() -> Policy.parse("gate.yaml", "- a\n"))
        .hasMessage("gate.yaml:1: expected a mapping of keys, found a list");
  }

  /// Whatever is mistyped in a policy, it is read or refused in a sentence with the file's name.
  @Property(tries = 500)
  void refusesWhateverIsMistypedInOneSentence(
      @ForAll @IntRange(max = 100_000) int where, @ForAll @IntRange(max = 4) int how) {
    String text = Profile.NIGHTLY.text();
    int at = where % text.length();
    String broken =
        switch (how) {
          case 0 -> text.substring(0, at);
          case 1 -> text.substring(0, at) + text.substring(at + 1);
          case 2 -> text.substring(0, at) + "{" + text.substring(at);
          case 3 -> text.substring(0, at) + ":" + text.substring(at);
          default -> text.substring(0, at) + "\n- " + text.substring(at);
        };
    try {
      assertThat(Policy.parse("gate.yaml", broken).name()).isNotEmpty();
    } catch (SettingsException mistake) {
      assertThat(mistake.getMessage()).startsWith("gate.yaml:").doesNotContain("\n");
    }
  }

  @Test
  void knowsItsProfilesByName() {
    assertThat(Arrays.stream(Profile.values()).map(Profile::word).toList())
        .isEqualTo(List.of("pr", "nightly", "pre-release", "demo"));
    assertThatThrownBy(() -> Profile.named("weekly"))
        .hasMessage("--profile: expected one of pr, nightly, pre-release, demo, found 'weekly'");
  }
}
