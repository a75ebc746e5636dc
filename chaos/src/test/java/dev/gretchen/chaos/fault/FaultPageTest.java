package dev.gretchen.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.chaos.plan.Plan;
import dev.gretchen.chaos.plan.Setting;
import dev.gretchen.chaos.plan.Step;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FaultPageTest {

  /// A scenario that is left out for want of time is none.
  @ParameterizedTest
  @EnumSource(Scenario.class)
  void eachScenarioHasTheTimeForAllItsKinds(Scenario scenario) {
    Plan plan =
        Plan.generate(
            new Setting(
                scenario.seed(),
                scenario.selection(),
                scenario.load(),
                3,
                new Setting.Source("words", 8),
                3));
    assertThat(plan.leftOut()).isEmpty();
    assertThat(plan.steps())
        .extracting(Step::kind)
        .containsAll(scenario.selection().kinds())
        .isNotEmpty();
  }

  /// To write it: add `-Dgretchen.write-docs=true` to this test's command line.
  @Test
  void thePageInDocsIsTheRegistryAsItIs() throws Exception {
    String page = FaultPage.render();
    if (Boolean.getBoolean("gretchen.write-docs")) {
      Files.writeString(FaultPage.FILE, page);
    }
    assertThat(FaultPage.FILE).content().isEqualTo(page);
    assertThat(page).doesNotContain("|  |");
    for (FaultKind kind : FaultKind.values()) {
      assertThat(page).contains("`" + kind.word() + "`");
    }
    for (Omission omission : Omission.values()) {
      assertThat(page).contains("`" + omission.word() + "`");
    }
  }
}
