package dev.gretchen.verifier.judge;

import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.load.LoadShape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// What `env.json` holds: all facts of a run that its history does not show. Written once at the
/// start and again, with what has become known, at each end of a phase.
///
/// @param schema `gretchen.run/1`
/// @param app the app's name
/// @param seed the origin of all chance
/// @param rate events a second
/// @param lengthMillis how long the load was to be offered
/// @param partitions of the input topic
/// @param palette of the app
/// @param skew of the load's colours, 0 for uniform
/// @param guarantee what the app was set to
/// @param judgeAs what to judge it by
/// @param loadStart epoch milliseconds at which event 0 was due, 0 before
/// @param loadEnd epoch milliseconds at which the last event was sent, 0 before
/// @param sent how many events were handed to the producer
/// @param barrier whether the barrier stood, so that no event of the load is in doubt
/// @param drainedAt epoch milliseconds at which the app had caught up, 0 if it never did
/// @param endedAt epoch milliseconds of the last observation
/// @param harnessErrors what went wrong with the harness, a sentence each
/// @param command the command line that asked for the run, without its seed; empty where an older
///   version ran it
/// @param commit of the source tree that holds the app's descriptor, `+` after it where files had
///   been changed; empty where it is not known
public record RunFacts(
    String schema,
    String app,
    long seed,
    double rate,
    long lengthMillis,
    int partitions,
    String palette,
    double skew,
    String guarantee,
    String judgeAs,
    long loadStart,
    long loadEnd,
    long sent,
    boolean barrier,
    long drainedAt,
    long endedAt,
    List<String> harnessErrors,
    List<String> command,
    String commit) {

  /// A worker that runs before all others to make their start-up cache: the harness's own, whose
  /// end is no fault and no departure.
  public static final String TRAINING_WORKER = "training";

  /// The schema written by this version.
  public static final String SCHEMA = "gretchen.run/1";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @SuppressWarnings("ConstantValue") // null where it was written before there was such a field
  public RunFacts {
    harnessErrors = List.copyOf(harnessErrors);
    command = command == null ? List.of() : List.copyOf(command);
    commit = commit == null ? "" : commit;
  }

  /// The facts before the load has begun.
  public static RunFacts before(
      String app, LoadShape load, Guarantee guarantee, Guarantee judgeAs) {
    return new RunFacts(
        SCHEMA,
        app,
        load.seed(),
        load.rate(),
        load.length().toMillis(),
        load.partitions(),
        load.palette(),
        load.skew(),
        guarantee.word(),
        judgeAs.word(),
        0,
        0,
        0,
        false,
        0,
        0,
        List.of(),
        List.of(),
        "");
  }

  /// The facts with the command line that asked for them.
  public RunFacts askedBy(List<String> line) {
    return new RunFacts(
        schema,
        app,
        seed,
        rate,
        lengthMillis,
        partitions,
        palette,
        skew,
        guarantee,
        judgeAs,
        loadStart,
        loadEnd,
        sent,
        barrier,
        drainedAt,
        endedAt,
        harnessErrors,
        line,
        commit);
  }

  /// The facts with the commit of the app.
  public RunFacts atCommit(String name) {
    return new RunFacts(
        schema,
        app,
        seed,
        rate,
        lengthMillis,
        partitions,
        palette,
        skew,
        guarantee,
        judgeAs,
        loadStart,
        loadEnd,
        sent,
        barrier,
        drainedAt,
        endedAt,
        harnessErrors,
        command,
        name);
  }

  /// Whether the run was broken off before its load was over and healed: by its user, by its
  /// surroundings, or by SIGKILL to the verifier. What the app had no time for is then no loss, so
  /// nothing can be said of it.
  public boolean isBrokenOff() {
    return loadEnd == 0;
  }

  /// The facts with the load's times.
  public RunFacts loaded(long start, long end, long eventsSent) {
    return with(start, end, eventsSent, barrier, drainedAt, endedAt, harnessErrors);
  }

  /// The facts with what came after the load.
  public RunFacts ended(boolean barrierStood, long drained, long end, List<String> errors) {
    return with(loadStart, loadEnd, sent, barrierStood, drained, end, errors);
  }

  /// The shape of the load.
  public LoadShape shape() {
    return new LoadShape(seed, rate, Duration.ofMillis(lengthMillis), partitions, palette, skew);
  }

  /// Writes `env.json` and, where it is not there yet, a copy of the descriptor.
  public void write(RunDirectory run, Path descriptor) {
    try {
      Files.writeString(run.env(), JSON.writeValueAsString(this) + "\n");
      if (!Files.exists(run.descriptor())) {
        Files.copy(descriptor, run.descriptor());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + run.env(), e);
    }
  }

  /// Reads `env.json`.
  ///
  /// @throws NotARunDirectory where there is none, or one of another kind
  public static RunFacts read(RunDirectory run) {
    if (!Files.isDirectory(run.path())) {
      throw new NotARunDirectory(run.path() + " is not a directory");
    }
    if (!Files.isRegularFile(run.env()) || !Files.isRegularFile(run.descriptor())) {
      throw new NotARunDirectory(
          run.path() + " is not a run directory: expected env.json and gretchen.yaml in it");
    }
    try {
      RunFacts facts = JSON.readValue(Files.readString(run.env()), RunFacts.class);
      if (!SCHEMA.equals(facts.schema())) {
        throw new NotARunDirectory(
            run.env() + ": expected schema " + SCHEMA + ", found " + facts.schema());
      }
      return facts;
    } catch (JacksonException e) {
      throw new NotARunDirectory(run.env() + " cannot be read: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + run.env(), e);
    }
  }

  private RunFacts with(
      long start,
      long end,
      long eventsSent,
      boolean barrierStood,
      long drained,
      long lastSeen,
      List<String> errors) {
    return new RunFacts(
        schema,
        app,
        seed,
        rate,
        lengthMillis,
        partitions,
        palette,
        skew,
        guarantee,
        judgeAs,
        start,
        end,
        eventsSent,
        barrierStood,
        drained,
        lastSeen,
        errors,
        command,
        commit);
  }
}
