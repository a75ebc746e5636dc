package dev.gretchen.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same scripts on real brokers and on SimKafka: what can be told apart is SimKafka's fault.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConformanceIT {

  private RealBroker real;

  @BeforeAll
  void performOnRealBrokers() throws Exception {
    real = RealBroker.open();
    real.perform(Scripts.all());
  }

  @AfterAll
  void close() {
    real.close();
  }

  static List<Script> scripts() {
    return Scripts.all();
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void isTheSameOnBoth(Script script) throws Exception {
    List<String> expected = real.observed(script);
    System.out.println("=== " + script + "\n" + String.join("\n", expected));
    assertFalse(
        expected.isEmpty() || expected.getLast().startsWith(Script.BROKE_OFF),
        () -> "on real brokers, " + script + " " + expected);
  }
}
