package dev.gretchen.engine;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.gretchen.engine.internal.worker.WorkerProcess;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Who may know whom inside the engine, and where the outside world is let in.
class EngineArchitectureTest {

  private static final String OURS = "dev.gretchen..";
  private static final String ENGINE = "dev.gretchen.engine..";
  private static final String SURROUNDINGS = "dev.gretchen.engine.internal.surroundings..";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.gretchen.engine");

  @Test
  void seesTheEngine() {
    assertThat(CLASSES.size()).isGreaterThan(80);
    assertThat(CLASSES.contain(WorkerProcess.class)).isTrue();
    assertThat(CLASSES.contain(EngineArchitectureTest.class)).isFalse();
  }

  @Test
  void dependsOnNothingOfOurs() {
    noClasses()
        .should()
        .dependOnClassesThat(resideInAPackage(OURS).and(not(resideInAPackage(ENGINE))))
        .check(CLASSES);
  }

  @Test
  void keepsRocksDbInTheStore() {
    assertThat(users("org.rocksdb.."))
        .isNotEmpty()
        .allMatch(user -> user.getPackageName().equals("dev.gretchen.engine.internal.store"));
  }

  @Test
  void keepsJettyInTheHttpPackage() {
    assertThat(users("org.eclipse.jetty.."))
        .isNotEmpty()
        .allMatch(user -> user.getPackageName().equals("dev.gretchen.engine.internal.http"));
  }

  @Test
  void keepsTheParserOfCrontabsInOneClass() {
    assertThat(users("com.cronutils.."))
        .extracting(JavaClass::getSimpleName)
        .containsExactly("Crontab");
  }

  /// The simulator runs the same code on its own time, chance and threads. Let in elsewhere:
  /// [WorkerProcess] alone, which is the process (its signal hook, and the thread that watches the
  /// parent), and never runs in a simulation.
  @Test
  void takesTimeChanceAndThreadsFromItsSurroundings() {
    noClasses()
        .that()
        .resideOutsideOfPackage(SURROUNDINGS)
        .and()
        .doNotBelongToAnyOf(WorkerProcess.class)
        .should()
        .callMethodWhere(reachesOutside())
        .orShould()
        .callConstructorWhere(makesTimeOrChanceOrThreads())
        .check(CLASSES);
    assertThat(accesses(SURROUNDINGS)).as("the rule recognises what it forbids").isGreaterThan(2);
    assertThat(accesses("dev.gretchen.engine.internal.worker..")).isPositive();
  }

  @Test
  void showsNoThirdPartyStoreOrServerInItsPublicFace() {
    noClasses()
        .that()
        .resideInAPackage("dev.gretchen.engine")
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.rocksdb..", "org.eclipse.jetty.."))
        .check(CLASSES);
  }

  private static Set<JavaClass> users(String thirdParty) {
    DescribedPredicate<JavaClass> theirs = resideInAPackage(thirdParty);
    return CLASSES.stream()
        .filter(user ->
            user.getDirectDependenciesFromSelf().stream()
                .anyMatch(dependency -> theirs.test(dependency.getTargetClass())))
        .collect(java.util.stream.Collectors.toSet());
  }

  private static long accesses(String inPackage) {
    DescribedPredicate<JavaClass> here = resideInAPackage(inPackage);
    DescribedPredicate<JavaCodeUnitAccess<?>> forbidden = reachesOutside();
    return CLASSES.stream()
        .filter(here)
        .flatMap(type -> type.getMethodCallsFromSelf().stream())
        .filter(forbidden)
        .count();
  }

  private static DescribedPredicate<JavaCodeUnitAccess<?>> reachesOutside() {
    return describe(
        "reaches a clock, chance or a thread",
        call -> {
          JavaClass owner = call.getTargetOwner();
          String name = call.getTarget().getName();
          if (owner.isEquivalentTo(System.class)) {
            return name.equals("currentTimeMillis") || name.equals("nanoTime");
          }
          if (owner.isEquivalentTo(Instant.class)) {
            return name.equals("now");
          }
          if (owner.isEquivalentTo(Clock.class) || owner.isEquivalentTo(InstantSource.class)) {
            return name.startsWith("system");
          }
          if (owner.isEquivalentTo(Math.class)) {
            return name.equals("random");
          }
          if (owner.isEquivalentTo(RandomGenerator.class)) {
            return name.equals("getDefault") || name.equals("of");
          }
          if (owner.isEquivalentTo(java.util.UUID.class)
              || owner.isEquivalentTo(org.apache.kafka.common.Uuid.class)) {
            return name.startsWith("random");
          }
          if (owner.isAssignableTo(Thread.class)) {
            return Set.of("start", "sleep", "startVirtualThread", "ofPlatform", "ofVirtual")
                .contains(name);
          }
          if (owner.getName().startsWith("java.lang.Thread$Builder")) {
            return name.equals("start");
          }
          return owner.isEquivalentTo(Executors.class)
              || owner.isEquivalentTo(ThreadLocalRandom.class);
        });
  }

  private static DescribedPredicate<JavaCodeUnitAccess<?>> makesTimeOrChanceOrThreads() {
    return describe(
        "makes a thread or a source of chance",
        call ->
            call.getTargetOwner().isAssignableTo(Thread.class)
                || call.getTargetOwner().isAssignableTo(Random.class));
  }
}
