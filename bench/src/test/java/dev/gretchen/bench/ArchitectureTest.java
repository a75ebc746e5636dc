package dev.gretchen.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// What measures shares no code with what is measured: that runs in processes of its own.
class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.gretchen.bench");

  @Test
  void theHarnessKnowsNoEngineNoAppAndNoPeer() {
    assertThat(CLASSES.contain(Throughput.class)).isTrue();
    noClasses()
        .that()
        .resideInAPackage("dev.gretchen.bench")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.gretchen.engine..",
            "dev.gretchen.apps..",
            "dev.gretchen.peers..",
            "dev.gretchen.bench.stage..",
            "dev.gretchen.bench.kernels..",
            "org.openjdk.jmh..")
        .check(CLASSES);
  }

  @Test
  void theCountStageKnowsTheEnginesPublicFaceOnly() {
    noClasses()
        .that()
        .resideInAPackage("dev.gretchen.bench.stage")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.gretchen.engine.internal..")
        .check(CLASSES);
  }
}
