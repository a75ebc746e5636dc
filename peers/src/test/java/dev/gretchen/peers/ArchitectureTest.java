package dev.gretchen.peers;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.gretchen");

  @Test
  void knowsNothingOfOurs() {
    assertThat(CLASSES.size()).isGreaterThan(20);
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.gretchen..").and(not(resideInAPackage("dev.gretchen.peers.."))))
        .check(CLASSES);
  }

  @Test
  void theFloorHasNoEngineUnderIt() {
    noClasses()
        .that()
        .resideInAPackage("dev.gretchen.peers.floor")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka.streams..")
        .check(CLASSES);
  }
}
