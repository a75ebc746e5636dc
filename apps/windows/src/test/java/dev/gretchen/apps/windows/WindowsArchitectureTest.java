package dev.gretchen.apps.windows;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class WindowsArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.gretchen.apps.windows");

  @Test
  void seesTheApp() {
    assertThat(CLASSES.size()).isGreaterThanOrEqualTo(3);
    assertThat(CLASSES.contain(Windows.class)).isTrue();
  }

  @Test
  void knowsNothingOfOursButTheEnginesPublicFace() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.gretchen..")
                .and(not(resideInAPackage("dev.gretchen.engine")))
                .and(not(resideInAPackage("dev.gretchen.apps.windows"))))
        .check(CLASSES);
    assertThat(CLASSES.get(Windows.class).getDirectDependenciesFromSelf())
        .as("the rule has something to look at")
        .anyMatch(dependency ->
            dependency.getTargetClass().getPackageName().equals("dev.gretchen.engine"));
  }
}
