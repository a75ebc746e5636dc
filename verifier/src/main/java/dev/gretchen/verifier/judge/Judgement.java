package dev.gretchen.verifier.judge;

import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.verdict.Timeline;
import dev.gretchen.verifier.verdict.Verdict;
import dev.gretchen.verifier.verdict.VerdictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/// What a judge says of a run.
public record Judgement(Verdict verdict, Timeline timeline) {

  /// Writes `verdict.json` and `timeline.json`; the same judgement gives the same bytes.
  public void write(RunDirectory run) {
    try {
      Files.writeString(run.verdict(), VerdictJson.write(verdict));
      Files.writeString(run.timeline(), VerdictJson.writeTimeline(timeline));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the verdict into " + run.path(), e);
    }
  }
}
