package dev.gretchen.verifier.report;

import dev.gretchen.verifier.gate.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes what a gate decided, for CI systems and for people.
public final class GateReports {

  private static final String JUNIT = "junit.xml";
  private static final String SUMMARY = "summary.md";
  private static final String BADGE = "badge.svg";

  private GateReports() {}

  /// Writes all of them into a folder, which is made where it is not there.
  ///
  /// @throws IOException if one of them could not be written; those before it are in place
  public static void write(Path folder, Decision decision) throws IOException {
    Files.createDirectories(folder);
    Reports.put(folder.resolve(JUNIT), GateXml.render(decision), false);
    Reports.put(folder.resolve(SUMMARY), GateText.markdown(decision), false);
    Reports.put(folder.resolve(BADGE), Badge.render("gretchen", decision.passes()), false);
  }
}
