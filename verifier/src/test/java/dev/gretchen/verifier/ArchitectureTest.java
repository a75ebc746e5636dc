package dev.gretchen.verifier;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final String ROOT = "dev.gretchen.verifier";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void theJudgeSharesNoCodeWithTheAccused() {
    assertThat(CLASSES.size()).isGreaterThan(50);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.gretchen.engine..", "dev.gretchen.apps..", "dev.gretchen.testkit..")
        .check(CLASSES);
  }

  @Test
  void truthCheckersAndVerdictsArePure() {
    for (String part : new String[] {".truth", ".check", ".verdict"}) {
      String name = ROOT + part;
      assertThat(CLASSES.that(inPackage(name)).size()).as(name).isGreaterThan(5);
      noClasses()
          .that()
          .resideInAPackage(name)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.kafka..",
              "java.io..",
              "java.nio.file..",
              "java.nio.channels..",
              "java.net..",
              "java.time.chrono..",
              "java.util.concurrent..",
              "org.slf4j..",
              ROOT + ".history..",
              ROOT + ".judge..")
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(
              Thread.class,
              Random.class,
              ThreadLocalRandom.class,
              java.time.Clock.class,
              java.time.InstantSource.class)
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(Math.class, "random")
          .check(CLASSES);
    }
  }

  @Test
  void thePlanOfTheLoadIsPure() {
    noClasses()
        .that()
        .haveSimpleNameStartingWith("LoadPlan")
        .or()
        .haveSimpleName("LoadShape")
        .or()
        .haveSimpleName("LoadEvent")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.kafka..", "java.nio.file..", "java.util.concurrent..")
        .check(CLASSES);
  }

  private static com.tngtech.archunit.base.DescribedPredicate<
          com.tngtech.archunit.core.domain.JavaClass>
      inPackage(String name) {
    return com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(name);
  }
}
