package dev.gretchen.dashboards;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.gretchen.dashboards.live.LiveState;
import dev.gretchen.engine.Meter;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.gretchen.dashboards");

  @Test
  void knowsNothingOfTheEngineButTheNamesOfItsMeters() {
    assertThat(CLASSES.size()).isGreaterThan(20);
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.gretchen.engine..")
                .and(
                    not(belongToAnyOf(Meter.class, Meter.Kind.class, Meter.Label.class))
                        .and(not(belongToAnyOf(Meter.Unit.class)))))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.gretchen.dashboards.live..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.gretchen.engine..", "dev.gretchen.apps..")
        .check(CLASSES);
  }

  /// The state of the page is folded from events, in tests as in a demonstration.
  @Test
  void theStateOfThePageIsPure() {
    assertThat(CLASSES.contain(LiveState.class)).isTrue();
    noClasses()
        .that()
        .resideInAPackage("dev.gretchen.dashboards.live")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka..",
            "org.eclipse.jetty..",
            "java.io..",
            "java.net..",
            "java.nio.file..",
            "java.util.concurrent..",
            "dev.gretchen.chaos..",
            "dev.gretchen.dashboards.demo..")
        .orShould()
        .dependOnClassesThat()
        .belongToAnyOf(Thread.class, java.time.Clock.class, java.time.InstantSource.class)
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .check(CLASSES);
  }
}
