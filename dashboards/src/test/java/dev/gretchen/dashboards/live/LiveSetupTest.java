package dev.gretchen.dashboards.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.Palette;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The setups of the apps that are there.
class LiveSetupTest {

  private static final Path APPS = Path.of("..", "apps");

  @Test
  void wordColorsCountsWhatItsFilterLetsThrough() {
    LiveSetup setup = setup("word-colors");
    assertThat(setup.sources()).containsExactly("words", "colors");
    assertThat(setup.ends()).containsExactly("color-counts");
    LiveSetup.Counting counting = setup.counting().orElseThrow();
    assertThat(counting.filtered()).isEqualTo("colors");
    assertThat(counting.updates()).isEqualTo("color-counts");
    assertThat(counting.changelog()).isEqualTo("word-colors-color-total-changelog");
  }

  @Test
  void orderEnrichmentCountsNothingAndEndsInEachStreamOrAside() {
    LiveSetup setup = setup("order-enrichment");
    assertThat(setup.counting()).isEmpty();
    assertThat(setup.inputs()).containsExactly("orders", "search-queries");
    assertThat(setup.ends())
        .containsExactly("search-results", "order-quality", "order-enrichment-dead-letters");
  }

  /// Windows close for many events at once, and late ones are few: neither says that an event is
  /// done.
  @Test
  void windowsEndsWhereEachEventIsFoundOnce() {
    assertThat(setup("windows").ends()).containsExactly("page-views");
  }

  private static LiveSetup setup(String app) {
    return LiveSetup.of(
        AppDescriptor.read(APPS.resolve(app).resolve("gretchen.yaml")),
        4,
        Palette.parse("primary"));
  }
}
