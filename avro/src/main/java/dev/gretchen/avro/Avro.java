package dev.gretchen.avro;

import dev.gretchen.engine.Codec;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.reflect.ReflectData;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/// Makes Avro codecs for the topics and tables of an app.
///
///     Avro avro = Avro.with(SchemaRegistry.directory(Path.of("schemas")));
///     Topic<String, Order> orders = app.topic("orders", Codecs.utf8(), avro.values("orders", Order.class));
///
/// **A codec is checked when it is made**, and so before its worker starts: its schema against all
/// versions that the registry has, by the rule of [Evolution], which is [Evolution#FULL] unless said
/// otherwise. What does not fit is refused with the field that breaks it; what is new is registered.
/// A record names the schema that it was written by, so records of all versions can lie in one topic
/// or table.
///
/// **Types**: classes generated from a schema (`SpecificRecord`), plain classes with a constructor
/// without arguments (by reflection), or [GenericRecord] with a schema. Java records are for JSON:
/// Avro cannot make them. Avro is told to trust the classes that are named here, and no others.
public final class Avro {

  private static final int ATTEMPTS_MAX = 10;

  private final SchemaRegistry registry;
  private final Evolution rule;

  private Avro(SchemaRegistry registry, Evolution rule) {
    this.registry = registry;
    this.rule = rule;
  }

  /// Codecs whose schemas a registry keeps.
  public static Avro with(SchemaRegistry registry) {
    return new Avro(registry, Evolution.FULL);
  }

  /// The same by another rule.
  public Avro evolving(Evolution other) {
    return new Avro(registry, other);
  }

  /// For the values of a topic or a table.
  ///
  /// @param name of the topic or table; its versions are those of subject `<name>-value`
  /// @throws SchemaRefused naming the field that breaks the rule
  /// @throws RegistryUnavailable if the registry does not answer
  public <T> Codec<T> values(String name, Class<T> type) {
    GenericData data = dataOf(type);
    return values(name, schemaOf(type, data), data);
  }

  /// As [#values(String, Class)], for generic records.
  public Codec<GenericRecord> values(String name, Schema schema) {
    return values(name, schema, new GenericData());
  }

  /// For the keys of a topic or a table. They do not change: a key is found by its bytes, and those
  /// name its schema.
  ///
  /// @param name of the topic or table; its subject is `<name>-key`
  /// @throws SchemaRefused if the keys were written by another schema before
  /// @throws RegistryUnavailable if the registry does not answer
  public <T> Codec<T> keys(String name, Class<T> type) {
    GenericData data = dataOf(type);
    return keys(name, schemaOf(type, data), data);
  }

  /// As [#keys(String, Class)], for generic records.
  public Codec<GenericRecord> keys(String name, Schema schema) {
    return keys(name, schema, new GenericData());
  }

  private <T> Codec<T> values(String name, Schema schema, GenericData data) {
    String subject = name + "-value";
    RegisteredSchema mine =
        registered(subject, schema, versions -> rule.check(subject, versions, schema));
    return new AvroCodec<>(subject, mine, registry, data);
  }

  private <T> Codec<T> keys(String name, Schema schema, GenericData data) {
    String subject = name + "-key";
    RegisteredSchema mine =
        sameForm(subject, registry.versions(subject), schema)
            .orElseGet(
                () -> registered(subject, schema, versions -> sameForm(subject, versions, schema)));
    return new AvroCodec<>(subject, mine, registry, data);
  }

  /// The version by which keys were written before: one with another documentation or another
  /// default writes the same, and keeps its id.
  private static Optional<RegisteredSchema> sameForm(
      String subject, List<RegisteredSchema> versions, Schema schema) {
    String form = SchemaNormalization.toParsingForm(schema);
    if (versions.isEmpty()) {
      return Optional.empty();
    }
    RegisteredSchema first = versions.getFirst();
    if (!SchemaNormalization.toParsingForm(first.schema()).equals(form)) {
      throw new SchemaRefused(
          "subject "
              + subject
              + ": keys were written by another schema, version "
              + first.version()
              + ", and a key is found by its bytes: the same key would lie in another partition, and in tables twice. Keep the schema of keys, or begin a new topic");
    }
    return Optional.of(new RegisteredSchema(first.version(), first.id(), schema));
  }

  /// Looks at versions that are other than a new schema.
  private interface Check {
    /// @throws SchemaRefused if the new one does not fit to them
    void check(List<RegisteredSchema> versions);
  }

  private RegisteredSchema registered(String subject, Schema schema, Check check) {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      List<RegisteredSchema> versions = registry.versions(subject);
      Optional<RegisteredSchema> known =
          versions.stream().filter(version -> version.schema().equals(schema)).findFirst();
      if (known.isPresent()) {
        return known.get();
      }
      check.check(versions);
      Optional<RegisteredSchema> next = registry.register(subject, schema, versions.size());
      if (next.isPresent()) {
        return next.get();
      }
    }
    throw new RegistryUnavailable(
        "subject "
            + subject
            + ": others have registered versions each time that this one was to be; do several versions of the app start at once?");
  }

  private static GenericData dataOf(Class<?> type) {
    if (type.isRecord()) {
      throw new IllegalArgumentException(
          "Avro cannot make a Java record, found "
              + type.getName()
              + "; use a class that is generated from a schema, a plain class with a constructor without arguments, or a GenericRecord with its schema; or keep the record and use Codecs.json(...)");
    }
    return SpecificRecord.class.isAssignableFrom(type)
        ? SpecificData.getForClass(type)
        : new ReflectData(type.getClassLoader());
  }

  private static Schema schemaOf(Class<?> type, GenericData data) {
    Schema schema = ((SpecificData) data).getSchema(type);
    Trust.in(type, schema);
    return schema;
  }
}
