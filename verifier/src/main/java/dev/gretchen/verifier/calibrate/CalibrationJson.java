package dev.gretchen.verifier.calibrate;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
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

  /// A calibration as it is written down.
  ///
  /// @param judge names the judge that was on trial, see [JudgeHash]; null where an older version
  ///   wrote it
  /// @param unproven the checkers that no mutant proves
  private record Document(
      String schema,
      @Nullable String judge,
      boolean passed,
      List<String> unproven,
      CalibrationResult calibration) {}

  private CalibrationJson() {}

  /// A result as JSON, with a line feed at the end.
  ///
  /// @param judge names the judge that was on trial
  public static String write(CalibrationResult result, String judge) {
    return JSON.writeValueAsString(
            new Document(SCHEMA, judge, result.passed(), result.unproven(), result))
        + "\n";
  }

  /// What some JSON says of a calibration.
  ///
  /// @param judge names the judge that was on trial; empty where it is not said
  /// @param convicted how many mutants were convicted
  public record Stored(String judge, boolean passed, int convicted) {}

  /// Reads what was written; empty where it is something else.
  public static Optional<Stored> read(String json) {
    try {
      Document found = JSON.readValue(json, Document.class);
      if (!SCHEMA.equals(found.schema())) {
        return Optional.empty();
      }
      String judge = found.judge();
      return Optional.of(
          new Stored(
              judge == null ? "" : judge,
              found.passed(),
              found.calibration().with(MutantOutcome.State.KILLED).size()));
    } catch (JacksonException _) {
      return Optional.empty();
    }
  }
}
