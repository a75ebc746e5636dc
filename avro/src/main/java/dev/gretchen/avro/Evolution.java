package dev.gretchen.avro;

import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;

/// What a new version of a schema owes to all versions before it: a topic or a table holds records
/// of each.
public enum Evolution {
  /// Whoever reads by the new version can read what was written by the old ones. Enough where all
  /// workers are stopped before the new ones start, or where they only read.
  BACKWARD(true, false),

  /// Whoever reads by an old version can read what is written by the new one: for what only others
  /// read.
  FORWARD(false, true),

  /// Both, which workers of two versions need that run side by side, as they do while an app is
  /// upgraded one worker at a time.
  FULL(true, true);

  private final boolean readsOld;
  private final boolean isReadByOld;

  Evolution(boolean readsOld, boolean isReadByOld) {
    this.readsOld = readsOld;
    this.isReadByOld = isReadByOld;
  }

  /// Checks a schema against all versions before it.
  ///
  /// @throws SchemaRefused naming the first field that breaks the rule
  void check(String subject, List<RegisteredSchema> versions, Schema schema) {
    for (RegisteredSchema version : versions) {
      if (readsOld) {
        require(subject, Break.Direction.READS_OLD, version, schema);
      }
      if (isReadByOld) {
        require(subject, Break.Direction.READ_BY_OLD, version, schema);
      }
    }
  }

  private void require(
      String subject, Break.Direction direction, RegisteredSchema version, Schema schema) {
    boolean backward = direction == Break.Direction.READS_OLD;
    Schema reader = backward ? schema : version.schema();
    Schema writer = backward ? version.schema() : schema;
    SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
        .getResult()
        .getIncompatibilities()
        .stream()
        .findFirst()
        .ifPresent(first -> {
          throw new SchemaRefused(
              "subject "
                  + subject
                  + ", rule "
                  + this
                  + ": "
                  + new Break(direction, version.version(), "", reader, first)
                      .deepest()
                      .sentence());
        });
  }
}
