package dev.gretchen.dashboards.demo;

import dev.gretchen.chaos.fault.Selection;
import dev.gretchen.chaos.service.ServiceChoice;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.run.KafkaChoice;
import dev.gretchen.verifier.run.RunOptions;
import dev.gretchen.verifier.run.Screen;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Real demonstrations of word-colors, small enough for a test.
public final class Demonstrations {

  private static final Path WORD_COLORS =
      Path.of("..", "apps", "word-colors", "gretchen.yaml").toAbsolutePath().normalize();

  private Demonstrations() {}

  /// @param runs where their folder is made
  /// @param targets for Prometheus, null for none
  public static Demo open(Path runs, int workers, double rate, @Nullable Path targets)
      throws InterruptedException {
    AppDescriptor app = AppDescriptor.read(WORD_COLORS);
    RunOptions options =
        new RunOptions(
            app,
            WORD_COLORS,
            LoadShape.uniform(7, 1_000, Duration.ofHours(1), 6, "css"),
            workers,
            1,
            Duration.ofMillis(100),
            app.guarantee(),
            app.guarantee(),
            Selection.parse("none"),
            new KafkaChoice.Embedded(1),
            new ServiceChoice.Scripted(),
            runs,
            List.of("./gretchen", "demo"));
    return Demo.open(
        options,
        new Demo.Settings(0, targets, rate, false),
        new Screen(System.out, Screen.Style.QUIET),
        InstantSource.system());
  }
}
