package dev.gretchen.serve.internal.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gretchen.serve.RunsOnDisk;
import dev.gretchen.serve.internal.http.Answer;
import dev.gretchen.serve.internal.http.Refused;
import dev.gretchen.serve.internal.record.RunFiles.RunFile;
import dev.gretchen.verifier.record.RunEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunFilesTest {

  @TempDir private Path folder;

  @Test
  void listsReportsAndLogsAndNoHistory() throws Exception {
    Path run = new RunsOnDisk(folder).passed(1, 200);
    Files.createDirectories(run.resolve("history/topics"));
    Files.writeString(run.resolve("history/topics/secret.log"), "x");
    Files.writeString(run.resolve("client.properties"), "password=x");

    try (Archive archive = Archive.open(folder, InstantSource.system())) {
      RunFiles files = new RunFiles(archive);
      RunEntry entry = archive.entry("word-colors~run-1");

      assertThat(files.of(entry))
          .extracting(RunFile::name)
          .contains("report.html", "verdict.json", "logs/w1.log", "env.json")
          .noneMatch(name -> name.contains("history") || name.contains("properties"));
      assertThat(files.answer(entry, "logs/w1.log"))
          .isEqualTo(new Answer.Content(run.resolve("logs/w1.log"), Answer.TEXT, Answer.SANDBOXED));
    }
  }

  /// Whatever is tried, it is a name of no file in the list.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "../run-2/verdict.json",
        "../../secret.txt",
        "logs/../../run-2/env.json",
        "logs/../verdict.json",
        "./verdict.json",
        "/etc/passwd",
        "history/memory.ndjson",
        "logs",
        "logs/",
        "logs/link.log",
        "evidence/passwd",
        "VERDICT.JSON",
        "verdict.json\0",
        ""
      })
  void givesOutNothingElse(String name) throws Exception {
    RunsOnDisk disk = new RunsOnDisk(folder);
    Path run = disk.passed(1, 200);
    disk.passed(2, 200);
    Path secret = Files.writeString(folder.resolve("secret.txt"), "secret");
    Files.createSymbolicLink(run.resolve("logs/link.log"), secret);
    Files.createSymbolicLink(run.resolve("evidence"), folder);

    try (Archive archive = Archive.open(folder, InstantSource.system())) {
      RunEntry entry = archive.entry("word-colors~run-1");
      Refused refused =
          catchThrowableOfType(Refused.class, () -> new RunFiles(archive).answer(entry, name));

      assertThat(refused.status()).isEqualTo(404);
    }
  }

  @Test
  void knowsNoRunThatIsNotInTheRecord() throws Exception {
    new RunsOnDisk(folder).passed(1, 200);
    try (Archive archive = Archive.open(folder, InstantSource.system())) {
      for (String id :
          new String[] {"..", "", "word-colors/run-1", "word-colors~run-1~logs", "~"}) {
        assertThat(catchThrowableOfType(Refused.class, () -> archive.entry(id)).status())
            .as(id)
            .isEqualTo(404);
      }
    }
  }
}
