package dev.gretchen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.soak.Campaign;
import dev.gretchen.verifier.soak.SoakPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What is written down for others to copy can be copied: CI recipes are YAML of the right shape,
/// and each command in them, and in the guides, is one that there is.
class RecipesTest {

  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern COMMAND = Pattern.compile("\\./gretchen ([^|&;)}`\\n]+)");
  private static final YAMLMapper YAML = YAMLMapper.builder().build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".github/workflows/nightly.yml",
        "docs/ci/github-pr.yml",
        "docs/ci/gitlab-ci.yml",
        "docs/faults.md",
        "docs/gate.md",
        "docs/soak.md",
        "docs/demo.md"
      })
  void nameCommandsThatThereAre(String file) throws IOException {
    List<List<String>> commands = commands(Files.readString(HOME.resolve(file)));
    assertThat(commands).hasSizeGreaterThan(2);
    for (List<String> words : commands) {
      assertThatCode(() -> Gretchen.commandLine().parseArgs(words.toArray(String[]::new)))
          .as("%s: ./gretchen %s", file, String.join(" ", words))
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".github/workflows/nightly.yml", "docs/ci/github-pr.yml"})
  void areWorkflowsOfGitHub(String file) throws IOException {
    JsonNode root = YAML.readTree(Files.readString(HOME.resolve(file)));

    assertThat(root.propertyNames()).contains("name", "on", "permissions", "jobs");
    for (Map.Entry<String, JsonNode> job : root.get("jobs").properties()) {
      assertThat(job.getValue().propertyNames()).contains("runs-on", "timeout-minutes", "steps");
      for (JsonNode step : job.getValue().get("steps").values()) {
        assertThat(step.has("uses") ^ step.has("run")).as(step.toString()).isTrue();
        if (step.has("uses")) {
          assertThat(step.get("uses").stringValue()).matches("[a-z-]+/[a-z-]+@v[0-9]+");
        }
      }
    }
  }

  @Test
  void areJobsOfGitLab() throws IOException {
    JsonNode root = YAML.readTree(Files.readString(HOME.resolve("docs/ci/gitlab-ci.yml")));

    List<String> stages = new ArrayList<>();
    root.get("stages").values().forEach(stage -> stages.add(stage.stringValue()));
    for (String job : List.of("pr", "nightly")) {
      assertThat(stages).contains(root.get(job).get("stage").stringValue());
      assertThat(root.get(job).get("script").values()).allMatch(JsonNode::isString).isNotEmpty();
      assertThat(root.get(job).get("artifacts").get("reports").has("junit")).isTrue();
    }
  }

  /// A canary promises what the app does; only its worker is another.
  @ParameterizedTest
  @ValueSource(strings = {"offsets-first", "outputs-outside"})
  void theCanariesPromiseWhatTheAppDoes(String mutant) {
    AppDescriptor app = AppDescriptor.read(HOME.resolve("apps/word-colors/gretchen.yaml"));
    AppDescriptor canary = AppDescriptor.read(HOME.resolve("mutants/" + mutant + ".yaml"));

    assertThat(canary).usingRecursiveComparison().ignoringFields("command").isEqualTo(app);
    assertThat(canary.command()).contains("--mutant=" + mutant);
  }

  /// What a campaign draws is a command line.
  @ParameterizedTest
  @ValueSource(strings = {"nightly", "pr", "catalogue"})
  void whatACampaignDrawsIsACommand(String name) {
    Campaign campaign = Campaign.parse(name + ".yaml", Campaign.shipped(name));
    for (int number = 1; number <= 60; number++) {
      List<String> words = new ArrayList<>(List.of("verify", "app"));
      words.addAll(new SoakPlan(campaign, 7).run(number).words());
      assertThatCode(() -> Gretchen.commandLine().parseArgs(words.toArray(String[]::new)))
          .as(words.toString())
          .doesNotThrowAnyException();
    }
    for (String canary : campaign.canaries()) {
      assertThat(HOME.resolve(canary)).exists();
    }
  }

  @Test
  void aCommandThatThereIsNotIsFoundOut() {
    assertThat(commands("    ./gretchen gaet --profile pr   # a typo\n"))
        .containsExactly(List.of("gaet", "--profile", "pr"));
    assertThatCode(() -> Gretchen.commandLine().parseArgs("gaet", "--profile", "pr"))
        .isInstanceOf(CommandLine.ParameterException.class);
  }

  /// The words of each command, with a value for each variable of the shell.
  private static List<List<String>> commands(String text) {
    List<List<String>> commands = new ArrayList<>();
    Matcher matcher = COMMAND.matcher(text);
    while (matcher.find()) {
      String line = matcher.group(1).replaceFirst("\\s#.*", "");
      List<String> words =
          Arrays.stream(line.strip().split("\\s+"))
              .map(word -> word.replace("\"", "").replaceAll("\\$[A-Z]+", "1h"))
              .toList();
      if (!words.getFirst().equals("test")) {
        commands.add(words);
      }
    }
    return commands;
  }
}
