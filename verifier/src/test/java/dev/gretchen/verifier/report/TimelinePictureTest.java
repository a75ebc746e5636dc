package dev.gretchen.verifier.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.verdict.Timeline;
import dev.gretchen.verifier.verdict.Timeline.Tenure;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimelinePictureTest {

  private static final long ORIGIN = 1_000_000;

  @Test
  void isAPartOfADocumentWithoutScriptOrInlineStyle() {
    String picture = picture(List.of("w1", "w2"));
    assertThat(picture)
        .startsWith("<")
        .doesNotContain("<!DOCTYPE")
        .doesNotContain("<script")
        .doesNotContain("style=")
        .contains("which worker owned which of the 1 partition of topic colors");
  }

  /// Else all bars would change colour whenever a worker has left the picture.
  @Test
  void aWorkerKeepsItsColourWhenAnotherOwnsNothing() {
    String second = TimelinePicture.colours().get(1);
    assertThat(picture(List.of("w1", "w2"))).contains("fill=\"" + second + "\"");
    assertThat(picture(List.of("w2"))).doesNotContain("fill=\"" + second + "\"");
  }

  @Test
  void escapesWhatItIsTold() {
    Timeline hostile =
        new Timeline(
            ORIGIN,
            ORIGIN + 10_000,
            List.of(),
            List.of(new Tenure("<b>", 0, "\"w\"", ORIGIN, ORIGIN + 9_000, false)),
            List.of());
    assertThat(TimelinePicture.render(hostile, List.of(), ORIGIN, List.of("\"w\"")))
        .doesNotContain("<b>")
        .contains("&lt;b&gt;");
  }

  private static String picture(List<String> workers) {
    Timeline timeline =
        new Timeline(
            ORIGIN,
            ORIGIN + 10_000,
            List.of(new Timeline.Series("input", List.of(5L, 6L))),
            List.of(new Tenure("colors", 0, "w2", ORIGIN, ORIGIN + 9_000, false)),
            List.of());
    return TimelinePicture.render(timeline, List.of(), ORIGIN, workers);
  }
}
