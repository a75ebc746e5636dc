package dev.gretchen.apps.feedchat;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.gretchen.apps.feedchat.push.Pushers;
import org.junit.jupiter.api.Test;

class FeedChatArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.gretchen.apps.feedchat");

  @Test
  void seesTheApp() {
    assertThat(CLASSES.size()).isGreaterThanOrEqualTo(40);
    assertThat(CLASSES.contain(FeedChat.class)).isTrue();
    assertThat(CLASSES.contain(Pushers.class)).isTrue();
  }

  @Test
  void knowsNothingOfOursButTheEnginesPublicFace() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.gretchen..")
                .and(not(resideInAPackage("dev.gretchen.engine")))
                .and(not(resideInAPackage("dev.gretchen.apps.feedchat.."))))
        .check(CLASSES);
    assertThat(CLASSES.get(FeedChat.class).getDirectDependenciesFromSelf())
        .as("the rule has something to look at")
        .anyMatch(dependency ->
            dependency.getTargetClass().getPackageName().equals("dev.gretchen.engine"));
  }

  @Test
  void knowsNoKafkaClientAndNoServerLibrary() {
    noClasses()
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.apache.kafka..", "org.eclipse.jetty.."))
        .check(CLASSES);
  }

  @Test
  void thePushersKnowNothingOfTheProtocolBefore() {
    noClasses()
        .that()
        .resideInAPackage("dev.gretchen.apps.feedchat.push")
        .should()
        .dependOnClassesThat(resideInAPackage("dev.gretchen.apps.feedchat.front"))
        .check(CLASSES);
  }
}
