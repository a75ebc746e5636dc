package dev.gretchen.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.Codec;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/// Versions that each have some of eight fields, all with a default.
class EvolutionPropertyTest {

  static final int FIELDS = 8;

  @Property(tries = 100)
  void whatAnyVersionWritesEachVersionReads(
      @ForAll @Size(min = 1, max = 5)
          List<@IntRange(min = 0, max = (1 << FIELDS) - 1) Integer> versions,
      @ForAll long value) {
    SchemaRegistry registry = SchemaRegistry.inMemory();
    List<Schema> schemas = versions.stream().map(EvolutionPropertyTest::schema).toList();
    List<Codec<GenericRecord>> codecs = new ArrayList<>();
    schemas.forEach(schema -> codecs.add(Avro.with(registry).values("orders", schema)));
    for (int written = 0; written < codecs.size(); written++) {
      byte[] bytes = codecs.get(written).encode(filled(schemas.get(written), value));
      for (int read = 0; read < codecs.size(); read++) {
        GenericRecord found = codecs.get(read).decode(bytes);
        assertThat(found.getSchema()).isEqualTo(schemas.get(read));
        for (Schema.Field field : schemas.get(read).getFields()) {
          boolean was = schemas.get(written).getField(field.name()) != null;
          assertThat(found.get(field.name()))
              .as(field.name())
              .isEqualTo(was ? value + number(field.name()) : (long) -number(field.name()));
        }
      }
    }
  }

  @Property(tries = 100)
  void aFieldThatComesWithoutADefaultIsNamedAndNotRegistered(
      @ForAll @Size(min = 1, max = 4)
          List<@IntRange(min = 0, max = (1 << FIELDS) - 1) Integer> versions,
      @ForAll @IntRange(min = 0, max = (1 << FIELDS) - 1) int last) {
    SchemaRegistry registry = SchemaRegistry.inMemory();
    versions.forEach(version -> Avro.with(registry).values("orders", schema(version)));
    int before = registry.versions("orders-value").size();
    List<Schema.Field> fields = new ArrayList<>();
    schema(last).getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
    fields.add(new Schema.Field("added", Schema.create(Schema.Type.LONG)));
    Schema broken = Schema.createRecord("Order", null, "shop", false, fields);
    assertThatThrownBy(() -> Avro.with(registry).values("orders", broken))
        .isInstanceOf(SchemaRefused.class)
        .hasMessageContaining("field added is new and has no default");
    assertThat(registry.versions("orders-value")).hasSize(before);
  }

  private static Schema schema(int which) {
    SchemaBuilder.FieldAssembler<Schema> fields =
        SchemaBuilder.record("Order").namespace("shop").fields();
    for (int i = 0; i < FIELDS; i++) {
      if ((which & (1 << i)) != 0) {
        fields = fields.name("f" + i).type().longType().longDefault(-i);
      }
    }
    return fields.endRecord();
  }

  private static GenericRecord filled(Schema schema, long value) {
    GenericRecord record = new GenericData.Record(schema);
    schema.getFields().forEach(field -> record.put(field.name(), value + number(field.name())));
    return record;
  }

  private static int number(String field) {
    return Integer.parseInt(field.substring(1));
  }
}
