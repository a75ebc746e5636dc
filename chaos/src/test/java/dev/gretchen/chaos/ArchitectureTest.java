package dev.gretchen.chaos;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.gretchen.chaos");

  @Test
  void seesTheClassesItJudges() {
    assertThat(classes).hasSizeGreaterThan(40);
    assertThat(classes.contain(EnvironmentFailure.class)).isTrue();
  }

  @Test
  void chaosKnowsNoOtherModule() {
    noClasses()
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "another module of ours",
                (JavaClass type) ->
                    type.getPackageName().startsWith("dev.gretchen")
                        && !type.getPackageName().startsWith("dev.gretchen.chaos")))
        .check(classes);
  }

  @Test
  void packagesHaveNoCycles() {
    SlicesRuleDefinition.slices()
        .matching("dev.gretchen.chaos.(*)..")
        .should()
        .beFreeOfCycles()
        .check(classes);
  }
}
