package dev.gretchen.verifier.verdict;

import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// The canonical form of a verdict and of a timeline: properties and map keys sorted, two blanks of
/// indentation, line feeds everywhere, so that equal judgements are equal byte for byte. Any
/// thread.
public final class VerdictJson {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();
  private static final ObjectWriter WRITER = writer();

  private VerdictJson() {}

  /// A verdict as JSON, with a line feed at the end.
  public static String write(Verdict verdict) {
    return WRITER.writeValueAsString(verdict) + "\n";
  }

  /// The verdict that some JSON says.
  ///
  /// @throws tools.jackson.core.JacksonException where it says none
  public static Verdict read(String json) {
    return JSON.readValue(json, Verdict.class);
  }

  /// A timeline as JSON, with a line feed at the end.
  public static String writeTimeline(Timeline timeline) {
    return WRITER.writeValueAsString(timeline) + "\n";
  }

  /// The timeline that some JSON says.
  ///
  /// @throws tools.jackson.core.JacksonException where it says none
  public static Timeline readTimeline(String json) {
    return JSON.readValue(json, Timeline.class);
  }

  private static ObjectWriter writer() {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    return JSON.writer()
        .with(new DefaultPrettyPrinter().withObjectIndenter(indenter).withArrayIndenter(indenter));
  }
}
