package dev.gretchen.verifier.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContractTest {

  private static final Path WORD_COLORS = Path.of("../apps/word-colors/gretchen.yaml");

  @Property
  void unmixInvertsMix(@ForAll long x) {
    assertThat(Mix.unmix(Mix.mix(x))).isEqualTo(x);
    assertThat(Mix.mix(Mix.unmix(x))).isEqualTo(x);
  }

  @Test
  void hashesAgreeWithPublishedVectors() {
    // SplitMix64 with seed 0 yields mix(golden gamma) first; FNV-1a's vectors are its authors'
    assertThat(Hex16.of(Mix.mix(0x9e3779b97f4a7c15L))).isEqualTo("e220a8397b1dcdaf");
    assertThat(Hex16.of(Mix.fnv1a(new byte[0]))).isEqualTo("cbf29ce484222325");
    assertThat(Hex16.of(Mix.fnv1a("foobar".getBytes(UTF_8)))).isEqualTo("85944171f73967e8");
  }

  @Test
  void checksumOfARecordHashesLengthKeyAndValue() {
    byte[] all = {0, 0, 0, 2, 1, 'k', 'v'};
    assertThat(Mix.recordChecksum(new byte[] {1, 'k'}, new byte[] {'v'}))
        .isEqualTo(Mix.mix(Mix.fnv1a(all)));
  }

  @Property
  void talliesRoundTrip(@ForAll @LongRange(min = 0) long count, @ForAll long fingerprint) {
    Tally tally = new Tally(count, fingerprint);
    assertThat(TallyJson.decode(TallyJson.encode(tally))).isEqualTo(tally);
  }

  @Test
  void talliesAreReadInAnyOrderAndWithAnyWhiteSpace() {
    Tally tally = new Tally(12, 0x00f3c1d2a4b59687L);
    assertThat(tally("{\"count\":12,\"fingerprint\":\"00f3c1d2a4b59687\"}")).isEqualTo(tally);
    assertThat(tally(" { \"fingerprint\" : \"00f3c1d2a4b59687\" ,\n\"count\": 12 } "))
        .isEqualTo(tally);
    assertThat(tally("{\"count\":12,\"x\":[1],\"fingerprint\":\"00f3c1d2a4b59687\"}"))
        .isEqualTo(tally);
  }

  @Test
  void whatIsNoTallyIsNull() {
    assertThat(tally("")).isNull();
    assertThat(tally("{\"count\":12}")).isNull();
    assertThat(tally("{\"count\":-1,\"fingerprint\":\"00f3c1d2a4b59687\"}")).isNull();
    assertThat(tally("{\"count\":12,\"fingerprint\":\"00F3C1D2A4B59687\"}")).isNull();
    assertThat(tally("{\"count\":12,\"fingerprint\":\"0f3c1d2a4b59687\"}")).isNull();
    assertThat(tally("{\"count\":1.5,\"fingerprint\":\"00f3c1d2a4b59687\"}")).isNull();
    assertThat(tally("{\"count\":12,\"fingerprint\":\"00f3c1d2a4b59687\"} x")).isNull();
  }

  @Test
  void changelogKeysAreReadByTheirTag() {
    assertThat(ChangelogKey.decode(ChangelogKey.plain("red".getBytes(UTF_8))))
        .isInstanceOf(ChangelogKey.Plain.class);
    assertThat(ChangelogKey.describe(ChangelogKey.windowed(60_000, "red".getBytes(UTF_8))))
        .isEqualTo("key red in 1970-01-01T00:01:00Z");
    assertThat(ChangelogKey.decode(new byte[] {0, 7})).isInstanceOf(ChangelogKey.Reserved.class);
    assertThat(ChangelogKey.decode(new byte[] {2, 7})).isNull();
    assertThat(ChangelogKey.decode(new byte[] {9})).isNull();
  }

  @Test
  void lineageRoundTripsAndForeignHeadersAreNull() {
    Lineage lineage = new Lineage("words", 3, 10, 12, "w1", 7, 99);
    assertThat(Lineage.decode(lineage.encode())).isEqualTo(lineage);
    assertThat(Lineage.decode("v2,words,3,10,12,w1,7,99".getBytes(UTF_8))).isNull();
    assertThat(Lineage.decode("v1,words,x,10,12,w1,7,99".getBytes(UTF_8))).isNull();
  }

  @Test
  void palettesHoldTheirColors() {
    assertThat(Palette.parse("primary").colors()).containsExactly("red", "green", "blue");
    assertThat(Palette.parse("css").colors()).hasSize(148).contains("rebeccapurple", "grey");
    assertThat(Palette.parse("synthetic:3").colors()).containsExactly("c0", "c1", "c2");
    assertThatThrownBy(() -> Palette.parse("synthetic:0"))
        .hasMessageContaining("synthetic:0")
        .hasMessageContaining("primary, css and synthetic:N");
  }

  @Test
  void readsTheDescriptorOfWordColors() {
    AppDescriptor app = AppDescriptor.read(WORD_COLORS);
    assertThat(app.topics())
        .containsExactly(
            "words",
            "colors",
            "color-counts",
            "word-colors-color-total-changelog",
            "word-colors-color-minute-changelog",
            "word-colors-audit");
    assertThat(app.sources()).containsExactly("words", "colors");
    assertThat(app.tables().getLast().requiredSpan().retention()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void mistakesInADescriptorNameFileKeyExpectedAndFound(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("gretchen.yaml");
    String right = Files.readString(WORD_COLORS);
    mistake(
        file,
        right.replace("kind: counts", "kind: sums"),
        "tables[0].kind: expected counts or windowed-counts or sessions or expiring-counts, found sums");
    mistake(
        file,
        right.replace("window: 60s", "window: soon"),
        "tables[1].window: expected a duration");
    mistake(file, right.replace("input: words", "inptu: words"), "inptu: expected only the keys");
    mistake(
        file,
        right.replace("schema: gretchen.app/1", "schema: x"),
        "schema: expected gretchen.app/1, found x");
    mistake(
        file,
        right.replace("source: colors", "source: colours"),
        "expected the input or a stream's topic, found colours");
    assertThatThrownBy(() -> AppDescriptor.read(folder.resolve("none.yaml")))
        .hasMessageContaining("found no such file");
  }

  private static void mistake(Path file, String yaml, String sentence) throws IOException {
    Files.writeString(file, yaml);
    assertThatThrownBy(() -> AppDescriptor.read(file))
        .isInstanceOf(DescriptorException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(sentence);
  }

  private static @Nullable Tally tally(String json) {
    return TallyJson.decode(json.getBytes(UTF_8));
  }
}
