package dev.gretchen.verifier.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.verifier.soak.Entry.Begun;
import dev.gretchen.verifier.soak.Entry.Ended;
import dev.gretchen.verifier.soak.Entry.Started;
import dev.gretchen.verifier.verdict.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

  private static final List<Entry> ENTRIES =
      List.of(
          new Begun(Begun.SCHEMA, 7, 1_000, 10),
          new Started(1, 1, 20),
          new Ended(1, 1, Outcome.PASS, true, "a/b-1", "All “right” – Käse, \n and more.", 30),
          new Started(2, 1, 40),
          new Ended(2, 1, Outcome.FAIL, false, "a/b-2", "", 50));

  @TempDir private Path folder;

  @Test
  void readsBackWhatWasWritten() {
    write();
    try (Journal journal = Journal.open(folder)) {
      assertThat(journal.entries()).isEqualTo(ENTRIES);
    }
  }

  /// Wherever the file is cut off, what was whole before the cut is there, and writing goes on.
  @Test
  void goesOnAfterACutAtAnyByte() throws Exception {
    write();
    Path file = folder.resolve(Journal.FILE);
    byte[] whole = Files.readAllBytes(file);
    Entry next = new Started(3, 1, 60);
    for (int cut = 0; cut <= whole.length; cut++) {
      Files.write(file, Arrays.copyOf(whole, cut));
      int lines = lines(whole, cut);
      try (Journal journal = Journal.open(folder)) {
        assertThat(journal.entries()).as("cut at %d", cut).isEqualTo(ENTRIES.subList(0, lines));
        journal.append(next);
      }
      try (Journal journal = Journal.open(folder)) {
        assertThat(journal.entries()).as("cut at %d", cut).hasSize(lines + 1).endsWith(next);
      }
    }
  }

  @Test
  void saysThatItIsDamaged() throws IOException {
    Files.writeString(
        folder.resolve(Journal.FILE),
        "{\"event\":\"started\",\"run\":1,\"attempt\":1,\"at\":2}\nrubbish\n");

    assertThatThrownBy(() -> Journal.open(folder))
        .isInstanceOf(EnvironmentFailure.class)
        .hasMessageContaining("journal.ndjson:2 is damaged");
  }

  @Test
  void belongsToOneSoak() {
    try (Journal _ = Journal.open(folder)) {
      assertThatThrownBy(() -> Journal.open(folder))
          .isInstanceOf(EnvironmentFailure.class)
          .hasMessageContaining("goes on already");
    }
    Journal.open(folder).close();
  }

  /// An interrupt is no reason to lose a line.
  @Test
  void isNotDisturbedByAnInterrupt() {
    try (Journal journal = Journal.open(folder)) {
      Thread.currentThread().interrupt();
      journal.append(ENTRIES.getFirst());
      journal.append(ENTRIES.get(1));
      assertThat(Thread.interrupted()).isTrue();
    }
    try (Journal journal = Journal.open(folder)) {
      assertThat(journal.entries()).hasSize(2);
    }
  }

  private void write() {
    try (Journal journal = Journal.open(folder)) {
      ENTRIES.forEach(journal::append);
    }
  }

  private static int lines(byte[] bytes, int before) {
    int lines = 0;
    for (int i = 0; i < before; i++) {
      lines += bytes[i] == '\n' ? 1 : 0;
    }
    return lines;
  }
}
