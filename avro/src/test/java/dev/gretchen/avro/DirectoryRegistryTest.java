package dev.gretchen.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.Codec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryRegistryTest {

  @TempDir private Path directory = Path.of("");

  @Test
  void keepsAFileForEachVersionThatAnotherProcessFinds() throws Exception {
    Avro.with(SchemaRegistry.directory(directory)).values("orders", schema("a"));
    Avro.with(SchemaRegistry.directory(directory)).values("orders", schema("a", "b"));
    assertThat(directory.resolve("orders-value/1.avsc")).content().contains("\"a\"");
    assertThat(directory.resolve("orders-value/2.avsc")).content().contains("\"b\"");
    assertThat(SchemaRegistry.directory(directory).versions("orders-value"))
        .extracting(RegisteredSchema::schema)
        .containsExactly(schema("a"), schema("a", "b"));
  }

  @Test
  void findsWhatAnotherWorkerHasRegisteredMeanwhile() {
    Codec<GenericRecord> old =
        Avro.with(SchemaRegistry.directory(directory)).values("orders", schema("a"));
    Codec<GenericRecord> now =
        Avro.with(SchemaRegistry.directory(directory)).values("orders", schema("a", "b"));
    GenericRecord record = new GenericData.Record(schema("a", "b"));
    record.put("a", 1L);
    record.put("b", 2L);
    assertThat(old.decode(now.encode(record)).get("a")).isEqualTo(1L);
  }

  @Test
  void twoThatRegisterAtOnceBothComeToBe() throws Exception {
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 6; i++) {
        String field = "f" + i;
        all.add(
            threads.submit(() ->
                Avro.with(SchemaRegistry.directory(directory)).values("orders", schema(field))));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    List<RegisteredSchema> versions = SchemaRegistry.directory(directory).versions("orders-value");
    assertThat(versions).extracting(RegisteredSchema::version).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(versions).extracting(RegisteredSchema::schema).doesNotHaveDuplicates();
    try (var left = Files.list(directory.resolve("orders-value"))) {
      assertThat(left).hasSize(6);
    }
  }

  @Test
  void saysWhichFileIsNoSchema() throws Exception {
    Files.createDirectories(directory.resolve("orders-value"));
    Files.writeString(directory.resolve("orders-value/1.avsc"), "{}");
    assertThatThrownBy(
            () -> Avro.with(SchemaRegistry.directory(directory)).values("orders", schema("a")))
        .isInstanceOf(RegistryUnavailable.class)
        .hasMessageContaining("1.avsc")
        .hasMessageContaining("holds no Avro schema");
  }

  @Test
  void refusesASubjectThatIsNoNameOfAFolder() {
    assertThatThrownBy(
            () -> Avro.with(SchemaRegistry.directory(directory)).values("../orders", schema("a")))
        .hasMessageContaining("a subject is the name of a folder here")
        .hasMessageContaining("'../orders-value'");
  }

  private static Schema schema(String... fields) {
    SchemaBuilder.FieldAssembler<Schema> all = SchemaBuilder.record("Order").fields();
    for (String field : fields) {
      all = all.name(field).type().longType().longDefault(0);
    }
    return all.endRecord();
  }
}
