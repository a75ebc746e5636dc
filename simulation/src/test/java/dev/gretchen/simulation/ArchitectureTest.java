package dev.gretchen.simulation;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The simulation joins engine and judge; each of them still keeps to itself.
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption((Location location) -> location.contains("simulation"))
          .importPackages("dev.gretchen.simulation");

  /// What is judged reaches the judge as bytes, offsets and times alone.
  @Test
  void theJudgeSeesNothingOfEngineAndApp() {
    assertThat(CLASSES.size()).isGreaterThan(50);
    noClasses()
        .that()
        .resideInAPackage("dev.gretchen.simulation.judge..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.gretchen.engine..", "dev.gretchen.apps..")
        .check(CLASSES);
  }

  @Test
  void takesTimeFromTheScheduler() {
    noClasses()
        .should()
        .callMethodWhere(
            describe(
                "reads a clock",
                call ->
                    call.getTargetOwner().isEquivalentTo(System.class)
                        && Set.of("nanoTime", "currentTimeMillis", "identityHashCode")
                            .contains(call.getTarget().getName())))
        .check(CLASSES);
  }

  @Test
  void knowsNeitherChaosNorTheCommand() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.gretchen.chaos..", "dev.gretchen.cli..", "dev.gretchen.mutants..")
        .check(CLASSES);
  }
}
