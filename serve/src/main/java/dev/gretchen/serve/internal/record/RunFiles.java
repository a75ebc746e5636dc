package dev.gretchen.serve.internal.record;

import dev.gretchen.serve.internal.http.Answer;
import dev.gretchen.serve.internal.http.Refused;
import dev.gretchen.verifier.record.RunEntry;
import dev.gretchen.verifier.report.Reports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The files of a run that may be read here: its reports, what it was asked, its logs and evidence.
/// Its history, which is large and binary, stays where it is.
///
/// **No path comes from a request.** The files that there are get listed, links left out, and the
/// name that was asked for is looked up in that list; so no name, however it is written, leads
/// elsewhere.
public final class RunFiles {

  private static final List<String> OWN =
      List.of(
          Reports.HTML,
          "verdict.json",
          Reports.SUMMARY,
          Reports.JUNIT,
          Reports.METRICS,
          "env.json",
          "gretchen.yaml",
          "plan.json",
          "faults.ndjson",
          "timeline.json",
          Reports.REPRO,
          "thinned.txt");

  private static final List<String> FOLDERS = List.of("evidence", "logs");

  private final Archive archive;

  public RunFiles(Archive archive) {
    this.archive = archive;
  }

  /// A file that may be read.
  ///
  /// @param name below the run's directory, with `/` between names
  public record RunFile(String name, long bytes) {}

  /// What there is to be read of a run.
  public List<RunFile> of(RunEntry run) {
    Path directory = archive.directory(run);
    List<RunFile> files = new ArrayList<>();
    OWN.forEach(name -> add(directory.resolve(name), name, files));
    for (String folder : FOLDERS) {
      for (Path file : in(directory.resolve(folder))) {
        add(file, folder + "/" + file.getFileName(), files);
      }
    }
    return List.copyOf(files);
  }

  /// A file of a run.
  ///
  /// @throws Refused if it is none that may be read
  public Answer answer(RunEntry run, String name) {
    if (of(run).stream().noneMatch(file -> file.name().equals(name))) {
      throw Refused.notFound("Run " + run.path() + " has no file " + name + " to be read here");
    }
    return new Answer.Content(archive.directory(run).resolve(name), type(name), Answer.SANDBOXED);
  }

  private static void add(Path file, String name, List<RunFile> files) {
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      try {
        files.add(new RunFile(name, Files.size(file)));
      } catch (IOException _) {
        // gone since, as when a soak makes room
      }
    }
  }

  private static List<Path> in(Path folder) {
    if (Files.isSymbolicLink(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (NoSuchFileException | NotDirectoryException _) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look into " + folder, e);
    }
  }

  private static String type(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return switch (ending) {
      case "html" -> Answer.HTML;
      case "json" -> Answer.JSON;
      case "svg" -> "image/svg+xml";
      default -> Answer.TEXT;
    };
  }
}
