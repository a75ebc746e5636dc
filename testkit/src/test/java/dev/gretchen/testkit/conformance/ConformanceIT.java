package dev.gretchen.testkit.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The same scripts on real brokers and on SimKafka: what can be told apart is SimKafka's fault.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConformanceIT {

  /// Each is another interleaving of the same script.
  private static final long[] SEEDS = LongStream.rangeClosed(1, 10).toArray();

  private RealBroker real;

  @BeforeAll
  void performOnRealBroker() throws Exception {
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
  void simKafkaCannotBeToldFromRealBrokers(Script script) throws Exception {
    List<String> expected = real.observed(script);
    assertTrue(
        Script.isComplete(expected),
        () -> script + " cannot be performed on real brokers:\n" + String.join("\n", expected));
    for (long seed : SEEDS) {
      List<String> seen = SimWorld.run(script, seed);
      assertTrue(expected.equals(seen), () -> Difference.text(script, seed, expected, seen));
    }
  }
}
