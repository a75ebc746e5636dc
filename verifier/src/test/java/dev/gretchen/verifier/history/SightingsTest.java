package dev.gretchen.verifier.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.verifier.truth.Sighting;
import dev.gretchen.verifier.truth.Sighting.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SightingsTest {

  @TempDir private Path folder;

  @Test
  void readsBackWhatItWritesOverManyBlocks() {
    List<Sighting> written = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      long at = 1_700_000_000_000L + i * 3L - i % 7;
      written.add(
          switch (i % 10) {
            case 0 -> new Sighting.Connected(at, i, "w1", "5f0c");
            case 1 -> new Sighting.Asked(at, i, 3, Sighting.NOWHERE);
            case 2 -> new Sighting.Joined(at, i, -1, 118);
            case 3 -> new Sighting.Shown(at, i, 39, i, Long.MIN_VALUE + i, Sighting.NOWHERE);
            case 4 -> new Sighting.Skipped(at, i, 0, 1, 4);
            case 5 -> new Sighting.Posted(at, i, -i);
            case 6 -> new Sighting.Answered(at, i, i, Answer.IN_LOG, 3, 1L << 40);
            case 8 -> new Sighting.Read(at, i, 7, 5, 117, 100, -1L);
            case 7 -> new Sighting.TriedToBan(at, i, "user-0");
            default -> new Sighting.Parted(at, i, 4409, "slow: “…”");
          });
    }
    Path file = folder.resolve("sightings.log");
    try (SightingWriter writer = new SightingWriter(file)) {
      written.forEach(writer::append);
    }

    List<Sighting> read = new ArrayList<>();
    new SightingReader(file).forEachRemaining(read::add);
    assertThat(read).isEqualTo(written);
  }

  @Test
  void whatWasFlushedIsThereAlsoWhereTheWriterNeverEnds() {
    Path file = folder.resolve("sightings.log");
    Sighting seen = new Sighting.Posted(5, 1, 7);
    try (SightingWriter writer = new SightingWriter(file)) {
      writer.append(seen);
      writer.flush();
      writer.append(new Sighting.Posted(6, 1, 8));

      assertThat(new SightingReader(file)).toIterable().containsExactly(seen);
    }
  }
}
