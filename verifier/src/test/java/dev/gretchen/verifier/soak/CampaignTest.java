package dev.gretchen.verifier.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.verifier.settings.SettingsException;
import dev.gretchen.verifier.soak.Campaign.AppDraw;
import dev.gretchen.verifier.soak.Campaign.Option;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CampaignTest {

  @Test
  void readsWhatAFileSays() {
    Campaign campaign =
        Campaign.parse(
            "my.yaml",
            """
            schema: gretchen.campaign/1
            name: mine
            round: 5
            runs: 12
            disk-gb: 3
            canaries: [mutants/offsets-first.yaml]
            control: {for: 10s}
            apps:
              word-colors:
                for: [20s, 40s]
                commit-interval: 50ms
                templates: [kill, "kill-owner,slow-link"]
                mixes: {faults: [network], most: 2}
            """);

    assertThat(campaign.name()).isEqualTo("mine");
    assertThat(campaign.round()).isEqualTo(5);
    assertThat(campaign.runsMax()).isEqualTo(12);
    assertThat(campaign.diskMax()).isEqualTo(3_000_000_000L);
    assertThat(campaign.control()).isEqualTo(Duration.ofSeconds(10));
    AppDraw app = campaign.apps().getFirst();
    assertThat(app.options())
        .containsExactly(
            new Option("for", List.of("20s", "40s")),
            new Option("commit-interval", List.of("50ms")));
    assertThat(app.templates()).containsExactly("kill", "kill-owner,slow-link");
    assertThat(app.mixes().most()).isEqualTo(2);
    assertThat(app.mixes().kinds())
        .contains(FaultKind.SLOW_LINK)
        .doesNotContain(FaultKind.LOSE_ADDOFFSETSTOTXN_RESPONSE, FaultKind.KILL_OWNER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nightly", "pr", "catalogue"})
  void isShippedInAFormThatCanBeRead(String name) {
    Campaign campaign = Campaign.parse(name + ".yaml", Campaign.shipped(name));

    assertThat(campaign.name()).isEqualTo(name);
    assertThat(campaign.canaries()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rounds: 3                  | my.yaml:5: rounds: expected one of the keys schema, name,",
        "round: 2                   | my.yaml:5: round: expected a number from 3 to",
        "control: {for: soon}       | my.yaml:5: control.for: expected a length of time",
        "apps: {}                   | my.yaml:5: apps: expected each key once",
      })
  void namesLineKeyAndWhatIsAllowed(String line, String sentence) {
    assertMistake(
        """
        schema: gretchen.campaign/1
        name: mine
        apps:
          a: {for: 1s, templates: [kill]}
        """
            + line,
        sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "templates: [kill]                      | my.yaml:4: apps.a.for: expected lengths of the load",
        "for: 1s                                | my.yaml:4: apps.a.templates: expected faults to try",
        "for: 1s, templates: [rain]             | my.yaml:4: apps.a.templates: expected kill, ownership,",
        "for: 1s, mixes: {faults: [rain]}       | my.yaml:4: apps.a.mixes.faults: expected kill, ownership,",
        "for: often, templates: [kill]          | my.yaml:4: apps.a.for: expected a length of time",
        "for: 1s, templates: [kill], rate: fast | my.yaml:4: apps.a.rate: expected numbers up to 1000000, found 'fast'",
        "for: 1s, templates: [kill], workers: 65 | my.yaml:4: apps.a.workers: expected numbers up to 64, found '65'",
        "for: 1s, templates: [kill], guarantee: maybe | my.yaml:4: apps.a.guarantee: expected exactly-once or at-least-once",
        "catalogue: {faults: [kill]}, for: 1s   | my.yaml:4: apps.a.for: expected none beside a catalogue",
        "catalogue: {faults: [kill]}, mixes: {} | my.yaml:4: apps.a.mixes: expected none beside a catalogue",
        "catalogue: {faults: [N16]}             | my.yaml:4: apps.a.catalogue.faults: expected at least one fault that can be done",
        "catalogue: {faults: [rain]}            | my.yaml:4: apps.a.catalogue.faults: expected kill, ownership,",
        "catalogue: {most: 3}                   | my.yaml:4: apps.a.catalogue.faults: expected",
        "for: 1s, templates: [kill], seed: 7    | my.yaml:4: apps.a.seed: expected one of the keys for, rate,",
      })
  void namesWhatIsWrongWithAnApp(String app, String sentence) {
    assertMistake("schema: gretchen.campaign/1\nname: mine\napps:\n  a: {" + app + "}\n", sentence);
  }

  @Test
  void aFaultIsInTheCatalogueOfOneAppAndAllAppsHaveOneOrNone() {
    assertMistake(
        """
        schema: gretchen.campaign/1
        name: mine
        apps:
          a: {catalogue: {faults: [P1]}}
          b: {catalogue: {faults: [kill-owner]}}
        """,
        "my.yaml:3: apps: expected each fault in one catalogue, found kill-owner in several");
    assertMistake(
        """
        schema: gretchen.campaign/1
        name: mine
        apps:
          a: {catalogue: {faults: [P1]}}
          b: {for: 1s, templates: [kill]}
        """,
        "my.yaml:3: apps: expected a catalogue for each of them, or for none");
  }

  @Test
  void wantsASchemaAndAnApp() {
    assertMistake(
        "schema: gretchen.campaign/9\nname: mine\n",
        "my.yaml:1: schema: expected gretchen.campaign/1, found 'gretchen.campaign/9'");
    assertMistake(
        "schema: gretchen.campaign/1\nname: mine\n",
        "my.yaml:1: apps: expected a mapping with at least one app, found nothing");
    assertThatThrownBy(() -> Campaign.shipped("weekly"))
        .hasMessage(
            "--campaign: expected a file (.yaml) or one of nightly, pr, catalogue, found 'weekly'");
  }

  private static void assertMistake(String yaml, String sentence) {
    assertThatThrownBy(() -> Campaign.parse("my.yaml", yaml))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith(sentence);
  }
}
