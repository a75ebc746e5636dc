package dev.gretchen.verifier.report;

import dev.gretchen.verifier.verdict.Timeline;
import dev.gretchen.verifier.verdict.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/// Writes every report of a run into its directory.
///
/// Each file is written beside its place and then moved there, so that a reader sees the old file
/// or the new one, never half of one. One caller at a time per directory.
public final class Reports {

  /// The report for people, one self-contained page.
  public static final String HTML = "report.html";

  /// The report for CI systems.
  public static final String JUNIT = "junit.xml";

  /// The summary for the page of a CI job.
  public static final String SUMMARY = "summary.md";

  /// The numbers for a time-series database.
  public static final String METRICS = "metrics.om";

  /// The script that repeats the run.
  public static final String REPRO = "repro.sh";

  private Reports() {}

  /// Writes the reports of a run whose command line is not known, as when it is judged again; a
  /// `repro.sh` that is there already knows better and stays.
  public static void write(Path dir, Verdict verdict, Timeline timeline) throws IOException {
    write(dir, verdict, timeline, Repro.fromSeed(verdict));
  }

  /// Writes the reports of a run.
  ///
  /// @throws IOException if one of them could not be written; those before it are in place
  public static void write(Path dir, Verdict verdict, Timeline timeline, Repro repro)
      throws IOException {
    Files.createDirectories(dir);
    put(dir.resolve(HTML), HtmlReport.render(verdict, timeline, repro), false);
    put(dir.resolve(JUNIT), JUnitXml.render(verdict, repro), false);
    put(dir.resolve(SUMMARY), SummaryMarkdown.render(verdict, repro), false);
    put(dir.resolve(METRICS), OpenMetrics.render(verdict), false);
    if (repro.exact() || !Files.exists(dir.resolve(REPRO))) {
      put(dir.resolve(REPRO), ReproScript.render(verdict, repro), true);
    }
  }

  /// Puts a text into its place in one step.
  static void put(Path file, String text, boolean executable) throws IOException {
    Path draft = file.resolveSibling("." + file.getFileName() + ".part");
    try {
      Files.writeString(draft, text, StandardCharsets.UTF_8);
      if (executable && Files.getFileAttributeView(draft, PosixFileAttributeView.class) != null) {
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
      move(draft, file);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private static void move(Path draft, Path file) throws IOException {
    try {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException _) {
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
