package dev.gretchen.verifier.record;

import dev.gretchen.verifier.verdict.Outcome;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A condition on runs, as text with places for its values.
///
/// @param text empty, or from ` WHERE` on
/// @param values of its places, in their order
record Where(String text, List<Object> values) {

  Where {
    values = List.copyOf(values);
  }

  static Where of(RunFilter filter) {
    List<String> terms = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    if (filter.app() != null) {
      terms.add("run.app = ?");
      values.add(filter.app());
    }
    if (!filter.outcomes().isEmpty()) {
      terms.add(
          "run.outcome IN ("
              + String.join(", ", Collections.nCopies(filter.outcomes().size(), "?"))
              + ")");
      filter.outcomes().stream().map(Outcome::name).forEach(values::add);
    }
    if (filter.faultKind() != null) {
      terms.add("EXISTS (SELECT 1 FROM fault f WHERE f.run = run.id AND f.kind = ?)");
      values.add(filter.faultKind());
    }
    if (filter.violation() != null) {
      terms.add(
          "EXISTS (SELECT 1 FROM property p WHERE p.run = run.id"
              + " AND substr(p.fingerprint, 1, length(?)) = ?)");
      values.add(filter.violation());
      values.add(filter.violation());
    }
    if (filter.seed() != null) {
      terms.add("run.seed = ?");
      values.add(filter.seed());
    }
    if (filter.commit() != null) {
      terms.add("substr(run.revision, 1, length(?)) = ?");
      values.add(filter.commit());
      values.add(filter.commit());
    }
    if (filter.since() > 0) {
      terms.add("run.started_at >= ?");
      values.add(filter.since());
    }
    if (filter.until() > 0) {
      terms.add("run.started_at < ?");
      values.add(filter.until());
    }
    return new Where(terms.isEmpty() ? "" : " WHERE " + String.join(" AND ", terms), values);
  }

  /// The same, and a condition without places.
  Where and(String term) {
    return new Where(text.isEmpty() ? " WHERE " + term : text + " AND " + term, values);
  }

  void bind(PreparedStatement statement) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      statement.setObject(i + 1, values.get(i));
    }
  }
}
