package dev.gretchen.chaos.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WorkerCommandTest {

  @Test
  void replacesPlaceholdersAnywhereInAnArgument() {
    WorkerCommand command =
        command("{java}", "--name={worker}", "{state-dir}/db", "{worker}:{http-port}");
    assertThat(command.resolve(Map.of("worker", "w1", "state-dir", "/s/$1", "http-port", "8080")))
        .containsExactly("/jdk/java", "--name=w1", "/s/$1/db", "w1:8080");
  }

  @Test
  void leavesOtherBracesAlone() {
    String json = "{\"a\":{}, \"B\":{C}}";
    assertThat(command(json).resolve(Map.of())).containsExactly(json);
  }

  @Test
  void doesNotReplaceWhatAValueBrings() {
    assertThat(command("{worker}").resolve(Map.of("worker", "{java}"))).containsExactly("{java}");
  }

  @Test
  void namesAPlaceholderWithoutAValueAndTheKnownOnes() {
    assertThatThrownBy(() -> command("--zone={zone}").resolve(Map.of("worker", "w1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "The worker's command names the placeholder {zone} in '--zone={zone}', which has no"
                + " value; known are [java, worker]");
  }

  @Test
  void aWorkersOwnValueWins() {
    assertThat(command("{java}").resolve(Map.of("java", "other"))).containsExactly("other");
  }

  private static WorkerCommand command(String... template) {
    return new WorkerCommand(List.of(template), Map.of("java", "/jdk/java"), Map.of());
  }
}
