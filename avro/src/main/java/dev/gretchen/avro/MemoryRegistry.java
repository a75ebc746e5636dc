package dev.gretchen.avro;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/// Schemas in the memory of one JVM.
final class MemoryRegistry implements SchemaRegistry {

  private final Map<String, List<RegisteredSchema>> subjects = new HashMap<>();
  private final Map<Long, Schema> byId = new HashMap<>();

  @Override
  public synchronized List<RegisteredSchema> versions(String subject) {
    return List.copyOf(subjects.getOrDefault(subject, List.of()));
  }

  @Override
  public synchronized Optional<RegisteredSchema> register(
      String subject, Schema schema, int known) {
    List<RegisteredSchema> versions = subjects.computeIfAbsent(subject, _ -> new ArrayList<>());
    if (versions.size() != known) {
      return Optional.empty();
    }
    long id = SchemaNormalization.parsingFingerprint64(schema);
    RegisteredSchema next = new RegisteredSchema(known + 1, id, schema);
    versions.add(next);
    byId.put(id, schema);
    return Optional.of(next);
  }

  @Override
  public synchronized Optional<Schema> find(long id) {
    return Optional.ofNullable(byId.get(id));
  }

  @Override
  public WireFormat format() {
    return WireFormat.SINGLE_OBJECT;
  }
}
