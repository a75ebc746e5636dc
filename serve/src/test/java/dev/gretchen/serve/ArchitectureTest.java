package dev.gretchen.serve;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final String ROOT = "dev.gretchen.serve";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void knowsTheJudgesRecordAndNobodyElseOfOurs() {
    assertThat(CLASSES.size()).isGreaterThan(30);
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.gretchen.engine..",
            "dev.gretchen.apps..",
            "dev.gretchen.testkit..",
            "dev.gretchen.verifier.check..",
            "dev.gretchen.verifier.truth..",
            "dev.gretchen.verifier.run..",
            "org.apache.kafka..")
        .check(CLASSES);
  }

  @Test
  void onePackageKnowsTheServerLibrary() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".internal.http")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.eclipse.jetty..")
        .check(CLASSES);
  }

  @Test
  void pagesAreRenderedWithoutLookingAnywhere() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".internal.page")
        .and()
        .haveSimpleNameEndingWith("Page")
        .or()
        .haveSimpleName("Chart")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..", "java.io..", "java.sql..")
        .check(CLASSES);
  }
}
