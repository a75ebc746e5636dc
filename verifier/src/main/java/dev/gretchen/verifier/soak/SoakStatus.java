package dev.gretchen.verifier.soak;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.verifier.settings.SettingsException;
import dev.gretchen.verifier.soak.Entry.Begun;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a soak stands, for somebody who looks on: from its folder alone, whether it goes on or not.
///
/// @param folder its folder
/// @param name of its folder
/// @param campaign the campaign's name
/// @param seed of the soak
/// @param begunAt epoch milliseconds
/// @param lastAt epoch milliseconds of the last line in its journal
/// @param share how much of it is done, from 0 to 1
/// @param underWay the run that had begun and not ended, in words; null where there is none
/// @param over why it is over; null where it could go on
/// @param result what it has shown so far
public record SoakStatus(
    Path folder,
    String name,
    String campaign,
    long seed,
    long begunAt,
    long lastAt,
    double share,
    @Nullable String underWay,
    @Nullable String over,
    SoakResult result) {

  /// Of a soak.
  ///
  /// @return empty where its folder does not tell: it is damaged, or was left by another version
  public static Optional<SoakStatus> find(SoakFolder folder) {
    try {
      return Optional.of(of(folder));
    } catch (EnvironmentFailure | SettingsException _) {
      return Optional.empty();
    }
  }

  /// Of a soak.
  ///
  /// @throws EnvironmentFailure where its journal does not tell
  /// @throws SettingsException where its campaign does not
  public static SoakStatus of(SoakFolder folder) {
    List<Entry> entries = Journal.read(folder.path());
    SoakPlan plan = folder.plan(entries);
    Agenda agenda = Agenda.of(plan, entries);
    String underWay = null;
    String over = null;
    switch (agenda.next()) {
      case Agenda.Next.Over(String why) -> over = why;
      case Agenda.Next.Try(PlannedRun run, int _, boolean begun) ->
          underWay = begun ? "#" + run.number() + " " + run.text() : null;
    }
    long begunAt = entries.getFirst() instanceof Begun begun ? begun.at() : 0;
    return new SoakStatus(
        folder.path(),
        String.valueOf(folder.path().getFileName()),
        plan.campaign().name(),
        plan.seed(),
        begunAt,
        entries.getLast().at(),
        agenda.share(),
        underWay,
        over,
        SoakResult.of(plan, entries));
  }
}
