package dev.gretchen.verifier.soak;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Skipped;
import dev.gretchen.verifier.soak.Campaign.AppDraw;
import dev.gretchen.verifier.soak.Entry.Ended;
import dev.gretchen.verifier.soak.Entry.Ended.Tried;
import dev.gretchen.verifier.verdict.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How far a campaign has come through its catalogue: a pure function of campaign and journal.
///
/// A kind is settled where a run has proven its effect, where a run says why it cannot be done
/// there, or after [#TRIES_MAX] runs that did neither. Only a run that says something of its app
/// counts: one that passed or failed, and one that is VACUOUS, where it was another fault that had
/// no effect. A run of which the harness cannot speak has proven nothing, whatever was injected.
final class Coverage {

  /// In so many runs a kind is tried before it is given up.
  static final int TRIES_MAX = 3;

  private static final Set<Outcome> COUNTING = Set.of(Outcome.PASS, Outcome.FAIL, Outcome.VACUOUS);

  /// A failure is what matters most of a kind; after that, a run that passed.
  private static final Comparator<Ended> BY_WEIGHT =
      Comparator.comparing(end ->
          switch (end.outcome()) {
            case FAIL -> 0;
            case PASS -> 1;
            case VACUOUS -> 2;
            case UNKNOWN -> 3;
            case HARNESS_ERROR -> 4;
          });

  /// What became of one kind.
  ///
  /// @param proven how often its effect was proven
  /// @param injected how often it was begun
  /// @param run that says most of it: one in which it was proven, where there is one, and of those
  ///   one that failed, where there is one; empty where none has tried it
  /// @param skipped why it cannot be done, null where it can or nobody knows yet
  record Row(
      String id,
      String kind,
      int proven,
      int injected,
      Optional<Ended> run,
      @Nullable String skipped) {

    boolean isProven() {
      return proven > 0;
    }

    boolean isSkipped() {
      return !isProven() && skipped != null;
    }
  }

  /// What is known of one kind while the journal is read.
  private static final class Findings {
    private int tries;
    private int injected;
    private int proven;
    private @Nullable Ended says;
    private boolean saysProven;
    private @Nullable String skipped;

    void add(Ended end, Tried tried) {
      boolean counts = COUNTING.contains(end.outcome());
      tries++;
      injected += tried.injected();
      proven += counts ? tried.proven() : 0;
      if (counts && tried.skipped() != null) {
        skipped = tried.skipped();
      }
      boolean shows = counts && tried.proven() > 0;
      Ended before = says;
      boolean better = before == null || BY_WEIGHT.compare(end, before) <= 0;
      if (shows != saysProven ? shows : better) {
        says = end;
        saysProven = shows;
      }
    }

    boolean isSettled() {
      return proven > 0 || skipped != null || tries >= TRIES_MAX;
    }
  }

  private final Campaign campaign;
  private final Map<FaultKind, Findings> records = new EnumMap<>(FaultKind.class);

  private Coverage(Campaign campaign) {
    this.campaign = campaign;
    for (AppDraw app : campaign.apps()) {
      app.catalogue().kinds().forEach(kind -> records.put(kind, new Findings()));
    }
  }

  /// How far it has come by all that a journal says.
  static Coverage of(Campaign campaign, List<Entry> entries) {
    return before(Integer.MAX_VALUE, campaign, entries);
  }

  /// How far it had come before a run.
  static Coverage before(int run, Campaign campaign, List<Entry> entries) {
    Coverage coverage = new Coverage(campaign);
    for (Entry entry : entries) {
      if (entry instanceof Ended end && end.run() < run) {
        end.tried().forEach(tried -> coverage.add(end, tried));
      }
    }
    return coverage;
  }

  private void add(Ended end, Tried tried) {
    FaultKind.ofWord(tried.kind()).map(records::get).ifPresent(record -> record.add(end, tried));
  }

  /// The kinds that an app has yet to be tried with, those first that were tried least.
  List<FaultKind> open(AppDraw app) {
    return app.catalogue().kinds().stream()
        .filter(kind -> !known(kind).isSettled())
        .sorted(Comparator.comparingInt(this::tries))
        .toList();
  }

  /// In how many runs a kind was tried.
  int tries(FaultKind kind) {
    return known(kind).tries;
  }

  private Findings known(FaultKind kind) {
    Findings record = records.get(kind);
    if (record == null) {
      throw new IllegalArgumentException(kind.word() + " is in no catalogue of the campaign");
    }
    return record;
  }

  /// How much of it is settled, from 0 to 1.
  double share() {
    long settled = records.values().stream().filter(Findings::isSettled).count();
    return records.isEmpty() ? 0 : settled / (double) records.size();
  }

  /// Each kind of the catalogue, in its order, and behind them what is done nowhere.
  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    records.forEach((kind, record) ->
        rows.add(
            new Row(
                kind.id(),
                kind.word(),
                record.proven,
                record.injected,
                Optional.ofNullable(record.says),
                record.skipped)));
    for (AppDraw app : campaign.apps()) {
      for (Skipped skipped : app.catalogue().skipped()) {
        rows.add(new Row(skipped.id(), skipped.kind(), 0, 0, Optional.empty(), skipped.reason()));
      }
    }
    return rows;
  }
}
