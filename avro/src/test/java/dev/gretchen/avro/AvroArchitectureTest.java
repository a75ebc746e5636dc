package dev.gretchen.avro;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class AvroArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.gretchen.avro");

  @Test
  void knowsTheEnginesPublicFaceAlone() {
    assertThat(CLASSES.size()).isGreaterThan(10);
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.gretchen..")
                .and(not(resideInAnyPackage("dev.gretchen.engine", "dev.gretchen.avro"))))
        .check(CLASSES);
  }
}
