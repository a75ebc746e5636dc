package dev.gretchen.verifier.soak;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Selection;
import dev.gretchen.chaos.fault.Skipped;
import dev.gretchen.chaos.process.Folders;
import dev.gretchen.chaos.process.Heal;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.record.RecordedRun;
import dev.gretchen.verifier.run.Screen;
import dev.gretchen.verifier.soak.Entry.Ended;
import dev.gretchen.verifier.soak.Entry.Ended.Tried;
import dev.gretchen.verifier.soak.PlannedRun.Role;
import dev.gretchen.verifier.soak.Thinning.Kept;
import dev.gretchen.verifier.verdict.FaultOutcome;
import dev.gretchen.verifier.verdict.Outcome;
import dev.gretchen.verifier.verdict.SkippedFault;
import dev.gretchen.verifier.verdict.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// One soak: run after run until its time is over, each noted in the journal before it begins and
/// when it has ended.
///
/// **After an interruption**, of whatever kind, the run that was under way is made again from its
/// seed, unless it had got as far as a verdict that decides something: that one counts, and stays.
///
/// For one thread.
public final class Soak {

  private static final String LOGS = "logs";
  private static final long MB = 1_000_000;

  private final SoakFolder folder;
  private final SoakPlan plan;
  private final Journal journal;
  private final Runner runner;
  private final Screen screen;
  private final InstantSource clock;
  private final Map<String, Long> sizes = new HashMap<>();

  /// @param journal of the folder, open as long as this is used
  /// @throws EnvironmentFailure where the journal does not say how the soak began
  public Soak(
      SoakFolder folder, Journal journal, Runner runner, Screen screen, InstantSource clock) {
    this.folder = folder;
    this.plan = folder.plan(journal.entries());
    this.journal = journal;
    this.runner = runner;
    this.screen = screen;
    this.clock = clock;
  }

  /// Cleans up after whatever was interrupted, and makes runs until there is nothing more to do.
  ///
  /// @return why it is over
  /// @throws InterruptedException when the calling thread is interrupted; nothing is left running,
  ///   and the soak can go on later
  public String run() throws InterruptedException {
    heal();
    if (journal.entries().size() > 1) {
      journal.append(new Entry.Resumed(clock.millis()));
    }
    while (true) {
      Agenda agenda = Agenda.of(plan, journal.entries());
      switch (agenda.next()) {
        case Agenda.Next.Over(String why) -> {
          return why;
        }
        case Agenda.Next.Try(PlannedRun run, int attempt, boolean begun) -> {
          if (!begun || !isSettled(run, attempt)) {
            make(run, attempt, agenda.share());
          }
        }
      }
      thin();
    }
  }

  /// What it has shown so far.
  public SoakResult result() {
    return SoakResult.of(plan, journal.entries());
  }

  private void make(PlannedRun run, int attempt, double share) throws InterruptedException {
    journal.append(new Entry.Started(run.number(), attempt, clock.millis()));
    String lastWords;
    try {
      lastWords =
          runner.run(
              run,
              root(run),
              folder.path().resolve(LOGS).resolve(run.number() + "-" + attempt + ".log"),
              seconds -> screen.progress(share, SoakText.underWay(run, attempt, seconds)));
    } catch (InterruptedException interrupted) {
      isSettled(run, attempt);
      throw interrupted;
    }
    List<Path> made = unclaimed(run);
    note(
        run,
        made.isEmpty()
            ? new Ended(
                run.number(),
                attempt,
                Outcome.HARNESS_ERROR,
                false,
                "",
                lastWords,
                clock.millis(),
                tried(run, Optional.empty()))
            : ended(run, attempt, made.getLast(), lastWords));
  }

  private void note(PlannedRun run, Ended ended) {
    journal.append(ended);
    if (plan.campaign().hasCatalogue()) {
      folder.write(CatalogueText.page(result().catalogue()));
    }
    screen.say(SoakText.line(run, ended));
  }

  private Ended ended(PlannedRun run, int attempt, Path directory, String lastWords) {
    Optional<RecordedRun> found = RecordedRun.below(directory).stream().findFirst();
    Outcome outcome =
        found
            .flatMap(each -> Optional.ofNullable(each.entry().outcome()))
            .orElse(Outcome.HARNESS_ERROR);
    boolean good =
        run.role() == Role.CANARY
            ? found.filter(RecordedRun::violatesSafety).isPresent()
            : outcome == Outcome.PASS;
    return new Ended(
        run.number(),
        attempt,
        outcome,
        good,
        folder.path().relativize(directory).toString(),
        found.map(each -> each.entry().sentence()).orElse(lastWords),
        clock.millis(),
        tried(run, found.flatMap(RecordedRun::verdict)));
  }

  /// What became of the kinds of a catalogue; a run without a verdict has tried them too.
  private static List<Tried> tried(PlannedRun run, Optional<Verdict> verdict) {
    if (run.role() != Role.CATALOGUE) {
      return List.of();
    }
    List<FaultOutcome> faults = verdict.map(Verdict::faults).orElse(List.of());
    List<SkippedFault> skipped = verdict.map(Verdict::skipped).orElse(List.of());
    List<Tried> tried = new ArrayList<>();
    for (FaultKind kind : Selection.parse(run.faults()).kinds()) {
      String word = kind.word();
      List<FaultOutcome> its = faults.stream().filter(each -> each.kind().equals(word)).toList();
      tried.add(
          new Tried(
              word,
              its.size(),
              (int) its.stream().filter(FaultOutcome::proven).count(),
              skipped.stream()
                  .filter(each -> each.kind().equals(word))
                  .map(SkippedFault::reason)
                  .filter(reason -> !Skipped.isForWantOfTime(reason))
                  .findFirst()
                  .orElse(null)));
    }
    return tried;
  }

  // what an interruption leaves

  private void heal() throws InterruptedException {
    Heal.Report report = Heal.below(folder.path());
    report.healed().values().stream()
        .flatMap(List::stream)
        .forEach(what -> screen.say("healed  " + what));
    if (!report.failures().isEmpty()) {
      throw new EnvironmentFailure(report.failures().getFirst());
    }
    if (!report.underWay().isEmpty()) {
      throw new EnvironmentFailure(
          "The run of %s still goes on; try again when it has ended"
              .formatted(report.underWay().getFirst().getParent()));
    }
  }

  /// Takes in what a run that was interrupted had decided, and removes what it had not.
  private boolean isSettled(PlannedRun run, int attempt) {
    boolean settled = false;
    for (Path directory : unclaimed(run)) {
      Ended ended = ended(run, attempt, directory, "");
      if (ended.outcome() != Outcome.HARNESS_ERROR && !settled) {
        note(run, ended);
        settled = true;
      } else {
        delete(directory);
      }
    }
    return settled;
  }

  /// The directories of a run that the journal does not name yet, the oldest first.
  private List<Path> unclaimed(PlannedRun run) {
    Path root = root(run);
    List<Path> found = new ArrayList<>();
    if (!Files.isDirectory(root)) {
      return found;
    }
    try (Stream<Path> paths =
        Files.find(
            root,
            2,
            (path, attributes) ->
                attributes.isDirectory()
                    && path.getFileName().toString().endsWith("-" + run.seed()))) {
      paths.sorted().filter(path -> !isClaimed(path)).forEach(found::add);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look into " + root, e);
    }
    return found;
  }

  private boolean isClaimed(Path directory) {
    String name = folder.path().relativize(directory).toString();
    return journal.entries().stream()
        .anyMatch(entry -> entry instanceof Ended ended && ended.directory().equals(name));
  }

  private Path root(PlannedRun run) {
    return run.role() == Role.CANARY ? folder.path().resolve(RecordedRun.CANARIES) : folder.path();
  }

  // the disk

  private void thin() {
    List<Kept> kept = new ArrayList<>();
    for (Entry entry : journal.entries()) {
      if (entry instanceof Ended ended && !ended.directory().isEmpty()) {
        kept.add(
            new Kept(
                ended.directory(),
                ended.directory().replaceFirst("/?[^/]*$", ""),
                ended.good(),
                sizes.computeIfAbsent(ended.directory(), this::bytes)));
      }
    }
    long bound = plan.campaign().diskMax();
    List<Kept> chosen = Thinning.choose(kept, bound);
    chosen.forEach(this::thin);
    long left = Thinning.bytes(kept) - Thinning.bytes(chosen);
    if (left > bound) {
      throw new EnvironmentFailure(
          "What %s must keep takes %,d MB, more than its campaign's disk-gb; remove runs that were seen to, and go on with --resume"
              .formatted(folder.path(), left / MB));
    }
  }

  private void thin(Kept run) {
    RunDirectory directory = new RunDirectory(folder.path().resolve(run.directory()));
    try {
      // first of all, so that nobody takes half a history for a whole one
      Files.writeString(
          directory.thinned(), "History and logs were removed by the soak to save room.\n");
      thinHistory(directory);
      Folders.delete(directory.logs());
      sizes.put(run.directory(), 0L);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot thin " + directory.path(), e);
    }
  }

  /// What the record tells leaks by is small, and stays.
  private static void thinHistory(RunDirectory run) throws IOException {
    if (!Files.exists(run.memory())) {
      Folders.delete(run.history());
      return;
    }
    try (Stream<Path> entries = Files.list(run.history())) {
      for (Path entry : entries.filter(each -> !each.equals(run.memory())).toList()) {
        Folders.delete(entry);
      }
    }
  }

  private long bytes(String name) {
    RunDirectory run = new RunDirectory(folder.path().resolve(name));
    return size(run.history()) + size(run.logs());
  }

  private static long size(Path folder) {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      long bytes = 0;
      for (Path file : (Iterable<Path>) files::iterator) {
        bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look into " + folder, e);
    }
  }

  private static void delete(Path folder) {
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + folder, e);
    }
  }
}
