package dev.gretchen.avro;

import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;

/// One way in which two versions of a schema do not fit, in words for whoever has changed it.
///
/// @param version the older of the two
/// @param within the path of the field that `reader` is the schema of; empty for the whole
/// @param reader the schema by which is read, to which the location belongs
record Break(
    Direction direction,
    int version,
    String within,
    Schema reader,
    SchemaCompatibility.Incompatibility incompatibility) {

  /// Unions of unions of records do not go on for ever, but for recursive ones.
  private static final int DEPTH_MAX = 10;

  enum Direction {
    /// The new version is to read what the old one has written.
    READS_OLD,
    /// The old version is to read what the new one writes.
    READ_BY_OLD
  }

  /// What stands behind a type of a union that does not fit: where both sides have a record of one
  /// name, that of its fields which does not.
  Break deepest() {
    Break deepest = this;
    for (int depth = 0; depth < DEPTH_MAX; depth++) {
      Optional<Break> inner = deepest.inner();
      if (inner.isEmpty()) {
        return deepest;
      }
      deepest = inner.get();
    }
    return deepest;
  }

  private Optional<Break> inner() {
    if (incompatibility.getType()
        != SchemaCompatibility.SchemaIncompatibilityType.MISSING_UNION_BRANCH) {
      return Optional.empty();
    }
    for (Schema read : records(incompatibility.getReaderFragment())) {
      for (Schema written : records(incompatibility.getWriterFragment())) {
        if (read.getFullName().equals(written.getFullName())) {
          Optional<Break> found =
              SchemaCompatibility.checkReaderWriterCompatibility(read, written)
                  .getResult()
                  .getIncompatibilities()
                  .stream()
                  .findFirst()
                  .map(first -> new Break(direction, version, path(), read, first));
          if (found.isPresent()) {
            return found;
          }
        }
      }
    }
    return Optional.empty();
  }

  private static List<Schema> records(Schema schema) {
    List<Schema> types =
        schema.getType() == Schema.Type.UNION ? schema.getTypes() : List.of(schema);
    return types.stream().filter(type -> type.getType() == Schema.Type.RECORD).toList();
  }

  String sentence() {
    boolean readsOld = direction == Direction.READS_OLD;
    String what = place();
    String between =
        readsOld
            ? "what version " + version + " has written could not be read any more"
            : "workers that still read by version " + version + " could not read what is written";
    return switch (incompatibility.getType()) {
      case READER_FIELD_MISSING_DEFAULT_VALUE ->
          readsOld
              ? what + " is new and has no default, so " + between + "; give it a default"
              : what
                  + " is gone, and version "
                  + version
                  + " has no default for it, so "
                  + between
                  + "; keep it, or first release a version in which it has a default, and drop it in the next";
      case TYPE_MISMATCH ->
          what
              + (readsOld
                  ? " was " + written() + " and is " + read() + " now"
                  : " was " + read() + " and is " + written() + " now")
              + ", so "
              + between
              + "; keep its type, and add a field of another name with a default";
      case NAME_MISMATCH ->
          what
              + (readsOld
                  ? " was named " + nameWritten() + " and is " + nameRead() + " now"
                  : " was named " + nameRead() + " and is " + nameWritten() + " now")
              + ", so "
              + between
              + "; keep the name"
              + (readsOld ? ", or give the new one the old name as an alias" : "");
      case MISSING_ENUM_SYMBOLS ->
          what
              + (readsOld ? " has lost the symbols " : " has the new symbols ")
              + incompatibility.getMessage()
              + ", so "
              + between
              + (readsOld
                  ? "; keep them, or give the enum a default"
                  : "; first release a version in which the enum has a default, and add symbols in the next");
      case MISSING_UNION_BRANCH ->
          what
              + (readsOld ? " has lost a type of its union" : " has a new type in its union")
              + " ("
              + incompatibility.getMessage()
              + "), so "
              + between
              + "; keep the types of a union as they are";
      case FIXED_SIZE_MISMATCH ->
          what
              + " is of another size ("
              + incompatibility.getMessage()
              + "), so "
              + between
              + "; keep its size, and add a field of another name with a default";
    };
  }

  private String written() {
    return incompatibility.getWriterFragment().getType().getName();
  }

  private String read() {
    return incompatibility.getReaderFragment().getType().getName();
  }

  private String nameWritten() {
    return incompatibility.getWriterFragment().getFullName();
  }

  private String nameRead() {
    return incompatibility.getReaderFragment().getFullName();
  }

  /// Which field, as a path of names; for what is of no field, the schema itself.
  private String place() {
    String path = path();
    return path.isEmpty() ? "the schema " + name(reader) : "field " + path;
  }

  private static String name(Schema schema) {
    return switch (schema.getType()) {
      case RECORD, ENUM, FIXED -> schema.getFullName();
      default -> schema.getType().getName();
    };
  }

  /// Follows the location, a JSON pointer into the reader's schema, and keeps the names of the
  /// fields on the way: `/fields/2/type/items/fields/0/type` is `lines[].article`. Where a type of
  /// a union was tried, the pointer has its number.
  private String path() {
    StringBuilder path = new StringBuilder(within);
    List<String> steps = List.of(incompatibility.getLocation().split("/"));
    Schema at = reader;
    for (int i = 0; i < steps.size(); i++) {
      switch (steps.get(i)) {
        case "fields" -> {
          at = record(at);
          if (at.getType() != Schema.Type.RECORD || i + 1 == steps.size()) {
            return path.toString();
          }
          Schema.Field field = at.getFields().get(Integer.parseInt(steps.get(++i)));
          path.append(path.isEmpty() ? "" : ".").append(field.name());
          at = field.schema();
        }
        case "items" -> {
          path.append("[]");
          at = at.getType() == Schema.Type.ARRAY ? at.getElementType() : at;
        }
        case "values" -> {
          path.append("{}");
          at = at.getType() == Schema.Type.MAP ? at.getValueType() : at;
        }
        default -> {
          // a type, a branch of a union, a name: no step of the path
        }
      }
    }
    return path.toString();
  }

  /// The record of a union that has one.
  private static Schema record(Schema schema) {
    if (schema.getType() != Schema.Type.UNION) {
      return schema;
    }
    List<Schema> records = records(schema);
    return records.size() == 1 ? records.getFirst() : schema;
  }
}
