package dev.gretchen.verifier.calibrate;

import java.util.List;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// A calibration for programs: `calibration.json`.
public final class CalibrationJson {

  /// The schema written by this version.
  public static final String SCHEMA = "gretchen.calibration/1";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private record Document(
      String schema, boolean passed, List<String> unproven, CalibrationResult calibration) {}

  private CalibrationJson() {}

  /// A result as JSON, with a line feed at the end.
  public static String write(CalibrationResult result) {
    return JSON.writeValueAsString(new Document(SCHEMA, result.passed(), result.unproven(), result))
        + "\n";
  }
}
