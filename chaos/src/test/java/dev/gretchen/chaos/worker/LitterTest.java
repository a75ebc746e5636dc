package dev.gretchen.chaos.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LitterTest {
  @TempDir private Path disk;

  @Test
  void liesBesideWhatThereIsAndTouchesNothing() throws Exception {
    Path tables = Files.createDirectories(disk.resolve("tables"));
    Files.writeString(tables.resolve("000007.sst"), "seven");
    Files.writeString(tables.resolve("000012.sst"), "twelve");
    Files.writeString(tables.resolve("MANIFEST-000001"), "7 12");
    assertThat(Litter.strew(disk)).isEqualTo(3 + 1 + 2);
    assertThat(names())
        .containsExactly(
            "LOCK",
            "half-written.tmp",
            "tables.orphan/000007.sst",
            "tables.orphan/000012.sst",
            "tables.orphan/MANIFEST-000001",
            "tables/000007.sst",
            "tables/000012.sst",
            "tables/000013.sst",
            "tables/MANIFEST-000001");
    assertThat(tables.resolve("000013.sst")).hasContent("twelve");
    assertThat(tables.resolve("000012.sst")).hasContent("twelve");
  }

  @Test
  void doesNotPileUpCopiesOfCopies() throws Exception {
    Files.writeString(disk.resolve("store"), "records");
    assertThat(Litter.strew(disk)).isEqualTo(1 + 2);
    List<String> once = names();
    assertThat(Litter.strew(disk)).isZero();
    assertThat(names()).isEqualTo(once);
  }

  private List<String> names() throws Exception {
    try (Stream<Path> all = Files.walk(disk)) {
      return all.filter(Files::isRegularFile)
          .map(path -> disk.relativize(path).toString())
          .sorted()
          .toList();
    }
  }
}
