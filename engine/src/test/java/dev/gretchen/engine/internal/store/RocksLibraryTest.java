package dev.gretchen.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksLibraryTest {

  @TempDir private Path directory = Path.of("");

  @Test
  void isUnpackedOnceAndUsedAgain() throws IOException {
    Path file = RocksLibrary.kept(directory.resolve("lib")).orElseThrow();
    FileTime longAgo = FileTime.fromMillis(1_000);
    Files.setLastModifiedTime(file, longAgo);

    assertThat(RocksLibrary.kept(directory.resolve("lib"))).contains(file);
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(longAgo);
    try (Stream<Path> all = Files.list(directory.resolve("lib"))) {
      assertThat(all).as("nothing else is left there").containsExactly(file);
    }
  }

  @Test
  void isUnpackedAnewWhereTheFileIsNotThatOfTheJar() throws IOException {
    Path file = RocksLibrary.kept(directory).orElseThrow();
    byte[] right = Files.readAllBytes(file);
    byte[] damaged = right.clone();
    damaged[damaged.length / 2] ^= 1;

    Files.write(file, damaged);
    RocksLibrary.kept(directory);
    assertThat(Files.mismatch(file, Files.write(directory.resolve("right"), right))).isEqualTo(-1);

    Files.writeString(file, "half");
    RocksLibrary.kept(directory);
    assertThat(Files.mismatch(file, directory.resolve("right"))).isEqualTo(-1);
  }
}
