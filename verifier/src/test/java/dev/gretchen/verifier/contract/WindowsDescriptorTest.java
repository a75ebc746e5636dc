package dev.gretchen.verifier.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.verifier.contract.AppDescriptor.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowsDescriptorTest {

  private static final Path FILE = Path.of("../apps/windows/gretchen.yaml");

  @Test
  void readsTheDescriptorOfWindows() {
    AppDescriptor app = AppDescriptor.read(FILE);

    assertThat(app.inputs()).containsExactly("views.eu.shop", "views.eu.blog", "views.us.shop");
    assertThat(app.sources())
        .containsExactly(
            "views.eu.shop", "views.eu.blog", "views.us.shop", "page-views", "user-views");
    assertThat(app.table("page-window").requiredSpan())
        .isEqualTo(new Span(seconds(5), seconds(5), seconds(2), seconds(10)));
    assertThat(app.table("page-hop").requiredSpan())
        .isEqualTo(new Span(seconds(6), seconds(2), seconds(1), seconds(1)));
    assertThat(app.table("user-session").requiredSpan())
        .isEqualTo(new Span(seconds(3), seconds(3), seconds(2), seconds(2)));
    assertThat(app.table("page-recent").requiredSpan().size()).isEqualTo(seconds(5));
    for (String input : app.inputs()) {
      assertThat(app.isMadeOf(app.streams().getFirst(), input)).isTrue();
    }
    assertThat(app.isMadeOf(app.streams().getFirst(), "page-views")).isFalse();
    assertThat(app.streams().getLast().every()).isEqualTo(seconds(5));
    assertThatThrownBy(() -> app.table("page-total").requiredSpan())
        .hasMessageContaining("page-total of kind counts is plain");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          grace: 2s              | grace: 11s            | retention not below the grace
          step: 2s               | step: 7s              | a size not below it
          by: page               | by: colour            | one of page, user
          of: [user-session]     | of: [page-total]      | tables with windows
          of: [page-window, page-hop] | of: [page-hop, user-session] | tables of one source
          load: views            | load: orders          | views, for a stream of kind gathered
          ', views.us.shop]'     | ]                     | 2 topics beside the input
          """)
  void mistakesAreNamed(String right, String wrong, String expected) throws IOException {
    String yaml = Files.readString(FILE);
    assertThat(yaml).contains(right);
    assertThatThrownBy(() -> AppDescriptor.parse("gretchen.yaml", yaml.replace(right, wrong)))
        .isInstanceOf(DescriptorException.class)
        .hasMessageContaining(expected);
  }

  private static Duration seconds(int n) {
    return Duration.ofSeconds(n);
  }
}
