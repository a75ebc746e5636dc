package dev.gretchen.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.App;
import dev.gretchen.engine.Codec;
import dev.gretchen.engine.Codecs;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Topic;
import dev.gretchen.testkit.AppTester;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

class AvroTest {

  private static final Schema PRICE =
      SchemaBuilder.record("Price")
          .namespace("shop")
          .fields()
          .requiredString("article")
          .requiredLong("cents")
          .endRecord();

  private final SchemaRegistry registry = SchemaRegistry.inMemory();
  private final Avro avro = Avro.with(registry);

  @Test
  void plainClassesGoThereAndBack() {
    Codec<Parcel> codec = avro.values("parcels", Parcel.class);
    Parcel back = codec.decode(codec.encode(new Parcel("a", 7, List.of("x", "y"))));
    assertThat(back.to).isEqualTo("a");
    assertThat(back.grams).isEqualTo(7);
    assertThat(back.marks).containsExactly("x", "y");
  }

  @Test
  void generatedClassesGoThereAndBack() {
    Codec<Price> codec = avro.values("prices", Price.class);
    Price back = codec.decode(codec.encode(new Price("ink", 350)));
    assertThat(back.article()).hasToString("ink");
    assertThat(back.cents()).isEqualTo(350);
    assertThat(registry.versions("prices-value")).hasSize(1);
  }

  /// As Avro has it since 1.12.2: what a schema names is not made because it names it.
  @Test
  void classesThatNoCodecWasAskedForAreNotTrusted() {
    avro.values("parcels", Parcel.class);
    assertThat(ClassSecurityValidator.getGlobal().isTrusted(Parcel.class)).isTrue();
    assertThat(ClassSecurityValidator.getGlobal().isTrusted(ProcessBuilder.class)).isFalse();
  }

  @Test
  void genericRecordsAreWrittenAsTheSpecificationHasThem() throws Exception {
    Codec<GenericRecord> codec = avro.values("prices", PRICE);
    GenericRecord price = price("ink", 350);
    ByteBuffer expected = new BinaryMessageEncoder<>(new GenericData(), PRICE).encode(price);
    byte[] bytes = new byte[expected.remaining()];
    expected.get(bytes);
    assertThat(codec.encode(price)).isEqualTo(bytes);
    assertThat(codec.decode(bytes)).isEqualTo(price);
    assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2))
        .isEqualTo(SchemaNormalization.parsingFingerprint64(PRICE));
  }

  @Test
  void whatIsNoRecordOfTheSubjectIsRefusedWithItsReason() {
    Codec<GenericRecord> codec = avro.values("prices", PRICE);
    byte[] bytes = codec.encode(price("ink", 350));
    assertThatThrownBy(() -> codec.decode("{\"article\":\"ink\"}".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("expected Avro that begins with c301")
        .hasMessageContaining("found 7b22");
    assertThatThrownBy(() -> codec.decode(Arrays.copyOf(bytes, bytes.length + 1)))
        .hasMessageContaining("bytes left");
    assertThatThrownBy(() -> codec.decode(Arrays.copyOf(bytes, bytes.length - 1)))
        .isInstanceOf(RuntimeException.class);
    bytes[3]++;
    assertThatThrownBy(() -> codec.decode(bytes))
        .hasMessageContaining("subject prices-value")
        .hasMessageContaining("which the registry does not know");
  }

  @Test
  void theSameSchemaIsRegisteredOnce() {
    avro.values("prices", PRICE);
    avro.values("prices", PRICE);
    Avro.with(registry).values("prices", new Schema.Parser().parse(PRICE.toString()));
    assertThat(registry.versions("prices-value"))
        .extracting(RegisteredSchema::version)
        .containsExactly(1);
  }

  @Test
  void keysKeepTheirSchema() {
    Codec<GenericRecord> first = avro.keys("prices", PRICE);
    Schema documented =
        new Schema.Parser()
            .parse(PRICE.toString().replaceFirst("\"type\":", "\"doc\":\"a price\",\"type\":"));
    assertThat(avro.keys("prices", documented).encode(price("ink", 1)))
        .isEqualTo(first.encode(price("ink", 1)));
    Schema more =
        SchemaBuilder.record("Price")
            .namespace("shop")
            .fields()
            .requiredString("article")
            .requiredLong("cents")
            .name("currency")
            .type()
            .stringType()
            .stringDefault("EUR")
            .endRecord();
    assertThatThrownBy(() -> avro.keys("prices", more))
        .isInstanceOf(SchemaRefused.class)
        .hasMessageContaining("subject prices-key")
        .hasMessageContaining("a key is found by its bytes")
        .hasMessageContaining("begin a new topic");
    avro.values("prices", more);
  }

  @Test
  void aJavaRecordIsRefusedWithWhatToUseInstead() {
    record Order(String article) {}
    assertThatThrownBy(() -> avro.values("orders", Order.class))
        .hasMessageContaining("Avro cannot make a Java record")
        .hasMessageContaining("Codecs.json(...)");
  }

  @Test
  void anAppCountsWhatIsAvroThroughCrashes() {
    App app = App.named("avro");
    Topic<String, GenericRecord> in =
        app.topic("prices", Codecs.utf8(), avro.values("prices", PRICE));
    Table<String, GenericRecord> last =
        app.table("last", Codecs.utf8(), avro.values("avro-last", PRICE), () -> price("", 0));
    app.agent(
            "sum",
            in,
            event ->
                last.merge(
                    event.key(),
                    event.value(),
                    (before, now) ->
                        price(
                            now.get("article").toString(),
                            (long) before.get("cents") + (long) now.get("cents"))))
        .uses(last);
    try (AppTester tester = AppTester.of(app)) {
      for (long i = 1; i <= 10; i++) {
        tester.pipe("prices", "k", price("ink", i)).crashAndRecover();
      }
      assertThat(tester.table(last).get("k").orElseThrow().get("cents")).isEqualTo(55L);
    }
  }

  private static GenericRecord price(String article, long cents) {
    GenericRecord price = new GenericData.Record(PRICE);
    price.put("article", new Utf8(article));
    price.put("cents", cents);
    return price;
  }
}
