package dev.gretchen.avro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import dev.gretchen.testkit.AppTester;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples of `docs/codecs.md`, as they stand there.
class CodecsGuideTest {

  @TempDir private Path schemas = Path.of("");

  @Test
  void parcelsAreKeptAsAvro() {
    App app = App.named("post");

    Avro avro = Avro.with(SchemaRegistry.directory(schemas));

    Topic<String, Parcel> parcels =
        app.topic("parcels", Codecs.utf8(), avro.values("parcels", Parcel.class));
    Table<String, Parcel> last =
        app.table("last", Codecs.utf8(), avro.values("post-last", Parcel.class), Parcel::new);

    app.agent("keep", parcels, parcel -> last.put(parcel.key(), parcel.value())).uses(last);
    try (AppTester tester = AppTester.of(app)) {
      tester.pipe("parcels", "p1", new Parcel("Faust, Leipzig", 900, List.of("fragile")));
      assertThat(tester.table(last).get("p1").orElseThrow().to).isEqualTo("Faust, Leipzig");
    }
    assertThat(schemas.resolve("parcels-value/1.avsc")).exists();
  }
}
