package dev.gretchen.testkit;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Whom the testkit may know, and where it may touch the real world: a simulation is a function of
/// its seed, or it is worth nothing.
class ArchitectureTest {

  private static final String SIM = "dev.gretchen.testkit.sim..";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption((Location location) -> location.contains("testkit"))
          .importPackages("dev.gretchen.testkit");

  @Test
  void knowsTheEngineAndNothingElseOfOurs() {
    assertThat(CLASSES.size()).isGreaterThan(80);
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.gretchen..")
                .and(not(resideInAnyPackage("dev.gretchen.engine..", "dev.gretchen.testkit.."))))
        .check(CLASSES);
  }

  @Test
  void theSchedulerKnowsNothingOfKafka() {
    noClasses()
        .that()
        .resideInAPackage(SIM)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka..",
            "dev.gretchen.testkit.kafka..",
            "dev.gretchen.testkit.client..",
            "dev.gretchen.testkit.disk..")
        .check(CLASSES);
  }

  /// Clients speak with brokers through the simulated network alone.
  @Test
  void theBrokersKnowNoClient() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.gretchen.testkit.kafka..", "dev.gretchen.testkit.disk..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.gretchen.testkit.client..")
        .check(CLASSES);
  }

  /// [dev.gretchen.testkit.sim] makes fibers of virtual threads; no other code sees a thread, a
  /// clock, or chance.
  @Test
  void takesTimeChanceAndThreadsFromTheScheduler() {
    noClasses()
        .that(isNotTheRealWorldsDoor())
        .should()
        .callMethodWhere(describe("reaches the real world", ArchitectureTest::reachesOutside))
        .check(CLASSES);
    classes()
        .that()
        .haveSimpleName("Fiber")
        .should()
        .callMethodWhere(describe("reaches the real world", ArchitectureTest::reachesOutside))
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> isNotTheRealWorldsDoor() {
    return describe(
        "are not Fiber, OneCarrier or Turns",
        type -> !Set.of("Fiber", "OneCarrier", "Turns").contains(type.getSimpleName()));
  }

  private static boolean reachesOutside(JavaCodeUnitAccess<?> call) {
    JavaClass owner = call.getTargetOwner();
    String name = call.getTarget().getName();
    if (owner.isEquivalentTo(System.class)) {
      return Set.of("currentTimeMillis", "nanoTime", "identityHashCode").contains(name);
    }
    if (owner.isEquivalentTo(Instant.class)) {
      return name.equals("now");
    }
    if (owner.isEquivalentTo(Math.class)) {
      return name.equals("random");
    }
    if (owner.isEquivalentTo(java.util.UUID.class)
        || owner.isEquivalentTo(org.apache.kafka.common.Uuid.class)) {
      return name.startsWith("random");
    }
    return (owner.getName().startsWith("java.lang.Thread")
            && !Set.of("currentThread", "getName").contains(name))
        || owner.getName().startsWith("java.util.concurrent.locks");
  }
}
