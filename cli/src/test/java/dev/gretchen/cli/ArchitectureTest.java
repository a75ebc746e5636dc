package dev.gretchen.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Who may know whom, across modules, and what the documents say of the code.
class ArchitectureTest {

  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern CODE = Pattern.compile("`([^`\\s]+)`");
  private static final Pattern TYPE = Pattern.compile("[A-Z][A-Za-z0-9]+(\\.[a-z][A-Za-z0-9]*)?");
  private static final Pattern PROOF = Pattern.compile("\\[(\\w+)]\\(([^)]+)\\) `(\\w+)` \\|$");
  private static final Pattern GUIDE_TEST = Pattern.compile("\\(([^)]+GuideTest\\.java)\\)");
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Pattern PATH = Pattern.compile("[a-zA-Z.-]+(/[a-zA-Z.-]+)*/?");

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.gretchen");

  @Test
  void onlyTheCommandKnowsPicocli() {
    assertThat(classes.size()).isGreaterThan(100);
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.gretchen.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .check(classes);
  }

  @Test
  void nobodyKnowsTheCommandAndTheCommandNoEngine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.gretchen.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.gretchen.cli..")
        .check(classes);
    noClasses()
        .that()
        .resideInAPackage("dev.gretchen.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.gretchen.engine..", "dev.gretchen.apps..")
        .check(classes);
    assertThat(classes.stream().map(type -> type.getPackageName()))
        .noneMatch(name ->
            name.startsWith("dev.gretchen.mutants")
                || name.startsWith("dev.gretchen.peers")
                || name.startsWith("dev.gretchen.services")
                || name.startsWith("dev.gretchen.browser"));
  }

  @Test
  void onlyTheCommandKnowsTheBenchmarks() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.gretchen.cli..", "dev.gretchen.bench..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.gretchen.bench..")
        .check(classes);
  }

  @Test
  void onlyTheCommandKnowsTheServer() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.gretchen.cli..", "dev.gretchen.serve..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.gretchen.serve..")
        .check(classes);
    noClasses()
        .that()
        .resideInAPackage("dev.gretchen.cli..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.gretchen.serve.internal..")
        .check(classes);
  }

  @Test
  void whatIsShippedHoldsNoMutant() {
    for (String module :
        List.of(
            "engine",
            "testkit",
            "avro",
            "apps/word-colors",
            "apps/order-enrichment",
            "apps/windows",
            "apps/feed-chat",
            "services",
            "chaos",
            "verifier",
            "simulation",
            "peers",
            "bench",
            "serve",
            "dashboards",
            "cli")) {
      assertThat(HOME.resolve(module).resolve("pom.xml"))
          .content()
          .doesNotContain("<artifactId>mutants");
    }
  }

  /// Each type and path that ARCHITECTURE.md and CONTRIBUTING.md name in code style exists.
  @Test
  void theDocumentsNameWhatThereIs() throws IOException {
    List<String> files;
    try (Stream<Path> all = Files.walk(HOME)) {
      files =
          all.filter(path -> path.toString().endsWith(".java"))
              .filter(path -> !path.toString().contains("/target/"))
              .map(path -> path.getFileName().toString())
              .toList();
    }
    int named = 0;
    for (String document : List.of("ARCHITECTURE.md", "CONTRIBUTING.md")) {
      Matcher words = CODE.matcher(Files.readString(HOME.resolve(document)));
      while (words.find()) {
        String word = words.group(1);
        if (TYPE.matcher(word).matches()) {
          String type = word.replaceFirst("\\..*", "");
          assertThat(files).as(document + " names the type " + word).contains(type + ".java");
          named++;
        } else if (word.contains("/") && PATH.matcher(word).matches()) {
          assertThat(HOME.resolve(word)).as(document + " names the path " + word).exists();
          named++;
        }
      }
    }
    assertThat(named).isGreaterThan(30);
  }

  /// Each Java example of a guide stands in the test that the guide names, so it compiles and runs.
  @Test
  void theExamplesOfTheGuidesStandInTests() throws IOException {
    Path docs = HOME.resolve("docs");
    int examples = 0;
    for (String guide : List.of("calls.md", "codecs.md")) {
      String text = Files.readString(docs.resolve(guide));
      Matcher test = GUIDE_TEST.matcher(text);
      assertThat(test.find()).as("a test of the examples in " + guide).isTrue();
      String code = Files.readString(docs.resolve(test.group(1))).replaceAll("\\s", "");
      Matcher example = EXAMPLE.matcher(text);
      while (example.find()) {
        assertThat(code)
            .as("the example of " + guide + ": " + example.group(1))
            .contains(example.group(1).replaceAll("\\s", ""));
        examples++;
      }
    }
    assertThat(examples).isGreaterThan(3);
  }

  /// Each row of docs/features.md links a test class that has the test it names.
  @Test
  void eachFeatureIsShownByATestThatExists() throws IOException {
    Path docs = HOME.resolve("docs");
    int rows = 0;
    for (String line : Files.readAllLines(docs.resolve("features.md"))) {
      if (!line.startsWith("|") || line.startsWith("|---") || line.endsWith("shown by |")) {
        continue;
      }
      Matcher proof = PROOF.matcher(line);
      assertThat(proof.find()).as("a proof in the row " + line).isTrue();
      assertThat(docs.resolve(proof.group(2)))
          .as("the proof of the row " + line)
          .hasFileName(proof.group(1) + ".java")
          .content()
          .contains("void " + proof.group(3) + "(");
      rows++;
    }
    assertThat(rows).isGreaterThan(10);
  }
}
