package dev.gretchen.serve.internal.campaign;

import dev.gretchen.verifier.report.Words;
import dev.gretchen.verifier.soak.SoakStatus;

/// A soak and whether it goes on.
///
/// @param startedHere whether its process is this server's
public record CampaignState(SoakStatus soak, Phase phase, boolean startedHere) {

  /// Where it is.
  public enum Phase {
    /// A process makes its runs.
    RUNNING,
    /// It was asked to stop, and ends the run that is under way.
    STOPPING,
    /// There is nothing more to do.
    OVER,
    /// It could go on, and nobody is at it.
    INTERRUPTED;

    public String word() {
      return Words.lower(this);
    }
  }
}
