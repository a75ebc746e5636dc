package dev.gretchen.verifier.record;

import dev.gretchen.verifier.verdict.FaultOutcome;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What the index holds of one fault's takeover: milliseconds, null where there was nothing to
/// measure.
record FaultRow(
    String kind,
    @Nullable Long owned,
    @Nullable Long others,
    @Nullable Long usual,
    @Nullable Long detected,
    @Nullable Long firstOutput) {

  static FaultRow of(ResultSet row) throws SQLException {
    return new FaultRow(
        row.getString("kind"),
        number(row, "owned"),
        number(row, "others"),
        number(row, "usual"),
        number(row, "detected"),
        number(row, "first_output"));
  }

  static FaultRow of(FaultOutcome fault) {
    return new FaultRow(
        fault.kind(),
        fault.silence().get("owned"),
        fault.silence().get("others"),
        fault.silence().get("usual"),
        fault.phases().get("detected"),
        fault.phases().get("firstOutput"));
  }

  private static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  static FaultFigures figures(String kind, List<FaultRow> rows) {
    Percentiles silence = of(rows, row -> row.beyond(row.owned));
    return new FaultFigures(
        kind,
        rows.size(),
        silence.count(),
        silence,
        of(rows, row -> row.beyond(row.others)),
        of(rows, FaultRow::detected),
        of(rows, FaultRow::firstOutput));
  }

  private static Percentiles of(List<FaultRow> rows, Function<FaultRow, @Nullable Long> value) {
    return Percentiles.of(rows.stream().map(value).filter(Objects::nonNull).toList());
  }

  private @Nullable Long beyond(@Nullable Long silence) {
    return silence == null || usual == null ? null : Math.max(0, silence - usual);
  }
}
