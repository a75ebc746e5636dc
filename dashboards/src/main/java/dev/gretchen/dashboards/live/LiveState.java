package dev.gretchen.dashboards.live;

import dev.gretchen.dashboards.live.LiveEvent.Standing;
import dev.gretchen.verifier.check.InputTask;
import dev.gretchen.verifier.check.Ownership;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.report.TimelinePicture;
import dev.gretchen.verifier.verdict.Timeline;
import dev.gretchen.verifier.verdict.Timeline.Tenure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// All that the live page knows, folded from what it has seen and done.
///
/// Who owns what is what workers tell in the audit topic, as in a run's report; a worker that was
/// killed cannot say so, and its tenures end when its process does. One thread at a time.
public final class LiveState {

  /// How much of the past the timeline shows; it grows until then, and moves on after.
  static final Duration WINDOW = Duration.ofMinutes(2);

  private final LiveSetup setup;
  private final long startedAt;
  private final Flow flow;
  private final Faults faults = new Faults();
  private final @Nullable WordCounts counts;
  private final Ownership ownership = new Ownership();
  private final Map<InputTask, TreeSet<String>> standbys = new TreeMap<>();
  private final Map<InputTask, LiveEvent.Recovers> recoveries = new LinkedHashMap<>();
  private final Map<String, Standing> workers = new LinkedHashMap<>();
  private final SortedMap<Integer, Standing> brokers = new TreeMap<>();
  private LiveView.Load load = new LiveView.Load(0, 0, false);
  private @Nullable Followed followed;

  /// @param startedAt epoch milliseconds
  public LiveState(LiveSetup setup, long startedAt) {
    this.setup = setup;
    this.startedAt = startedAt;
    this.flow = new Flow(startedAt, (int) WINDOW.toSeconds());
    this.counts =
        setup.counting().map(counting -> new WordCounts(counting.palette().colors())).orElse(null);
  }

  /// Takes what happened; in the order in which it was seen.
  public void apply(LiveEvent event) {
    switch (event) {
      case LiveEvent.Told told -> told(told.entry());
      case LiveEvent.Seen seen -> seen(seen);
      case LiveEvent.WorkerStands(long at, String worker, Standing standing) -> {
        workers.put(worker, standing);
        if (standing == Standing.DOWN) {
          isGone(worker, at);
        }
      }
      case LiveEvent.WorkerGone(long at, String worker) -> {
        workers.remove(worker);
        isGone(worker, at);
      }
      case LiveEvent.BrokerStands(long _, int broker, Standing standing) ->
          brokers.put(broker, standing);
      case LiveEvent.Recovers recovers -> recoveries.put(recovers.task(), recovers);
      case LiveEvent.Struck struck -> {
        long usual = 2 * flow.view(struck.at()).p99();
        faults.struck(struck, ownership.heldBy(struck.target()), usual);
        if (struck.endsProcess()) {
          isGone(struck.target(), struck.at());
        }
      }
      case LiveEvent.Healed(long at, String target) -> faults.healed(target, at);
      case LiveEvent.LoadStands(long _, long sent, double rate) ->
          load = new LiveView.Load(sent, rate, load.slow());
      case LiveEvent.Slowed(long _, boolean on) ->
          load = new LiveView.Load(load.sent(), load.rate(), on);
      case LiveEvent.Typed typed -> followed = new Followed(typed, setup.counting().orElse(null));
      case LiveEvent.Answered answered -> {
        if (followed != null) {
          followed.answered(answered);
        }
      }
    }
  }

  private void isGone(String worker, long at) {
    ownership.ended(worker, at);
    standbys.values().forEach(keepers -> keepers.remove(worker));
  }

  private void told(AuditEvent entry) {
    ownership.apply(entry);
    faults.told(entry);
    if (entry.event().equals("started")) {
      standbys.values().forEach(keepers -> keepers.remove(entry.worker()));
    }
    if (entry.partition() < 0) {
      return;
    }
    InputTask task = new InputTask(entry.topic(), entry.partition());
    switch (entry.event()) {
      case "standby" -> standbys.computeIfAbsent(task, _ -> new TreeSet<>()).add(entry.worker());
      case "promoted", "dropped" -> {
        TreeSet<String> keepers = standbys.get(task);
        if (keepers != null) {
          keepers.remove(entry.worker());
        }
      }
      case "assigned", "recovering", "running" -> recoveries.remove(task);
      default -> {}
    }
  }

  private void seen(LiveEvent.Seen seen) {
    Long id = seen.id();
    if (id != null && setup.inputs().contains(seen.topic()) && isCounted(seen.value(), id)) {
      flow.in(id, seen.at());
    }
    if (id != null && setup.ends().contains(seen.topic())) {
      long since = flow.out(id, seen.at());
      Lineage lineage = seen.lineage();
      if (lineage != null) {
        faults.output(new InputTask(lineage.topic(), lineage.partition()), seen.at(), since);
      }
    }
    WordCounts words = counts;
    Tally tally = seen.tally();
    if (words != null
        && tally != null
        && seen.topic().equals(setup.counting().orElseThrow().updates())) {
      words.counted(seen.key(), tally);
    }
    if (followed != null) {
      followed.seen(seen);
    }
  }

  /// Whether an event of the input will have an output; counts it where it is a word.
  private boolean isCounted(String word, long id) {
    WordCounts words = counts;
    return words == null || words.read(word, id);
  }

  /// The word whose count was seen and whose table has not told it yet.
  public Optional<String> wordToAskFor() {
    Followed now = followed;
    return now != null && now.isCounted() ? Optional.of(now.typed().word()) : Optional.empty();
  }

  /// Workers that recover something now, by what they tell.
  public List<String> recovering() {
    Set<String> recovering = new TreeSet<>();
    for (String topic : setup.sources()) {
      for (int number = 0; number < setup.partitions(); number++) {
        Tenure tenure = ownership.held(new InputTask(topic, number));
        if (tenure != null && tenure.recovering()) {
          recovering.add(tenure.worker());
        }
      }
    }
    return List.copyOf(recovering);
  }

  /// What was done and not healed.
  public List<LiveEvent.Struck> faultsInForce() {
    return faults.inForce();
  }

  /// What the page shows now.
  public LiveView view(long now) {
    ownership.forget(now - WINDOW.toMillis());
    List<String> order = TimelinePicture.order(List.copyOf(workers.keySet()));
    return new LiveView(
        now,
        (now - startedAt) / 1000,
        setup.app(),
        load,
        flow.view(now),
        order.stream().map(worker -> worker(worker, order.indexOf(worker))).toList(),
        brokers.entrySet().stream()
            .map(broker -> new LiveView.Broker(broker.getKey(), word(broker.getValue())))
            .toList(),
        setup.sources().stream().map(this::topic).toList(),
        counts == null ? null : counts.view(),
        faults.view(),
        followed == null ? null : followed.view());
  }

  /// @param place in the order of workers
  private LiveView.Worker worker(String name, int place) {
    List<String> colours = TimelinePicture.colours();
    int copies = (int) standbys.values().stream().filter(kept -> kept.contains(name)).count();
    return new LiveView.Worker(
        name,
        isRecovering(name) ? "recovering" : word(workers.getOrDefault(name, Standing.DOWN)),
        colours.get(place % colours.size()),
        place >= colours.size(),
        ownership.heldBy(name).size(),
        copies);
  }

  /// A worker is not ready while it recovers; one that owns something has started long ago.
  private boolean isRecovering(String worker) {
    return workers.get(worker) == Standing.STARTING && !ownership.heldBy(worker).isEmpty();
  }

  private static String word(Standing standing) {
    return standing.name().toLowerCase(Locale.ROOT);
  }

  private LiveView.Topic topic(String name) {
    List<LiveView.Partition> partitions = new ArrayList<>();
    for (int number = 0; number < setup.partitions(); number++) {
      partitions.add(partition(new InputTask(name, number)));
    }
    return new LiveView.Topic(name, partitions);
  }

  private LiveView.Partition partition(InputTask task) {
    Tenure tenure = ownership.held(task);
    String state = tenure == null ? "orphaned" : tenure.recovering() ? "recovering" : "running";
    return new LiveView.Partition(
        task.partition(),
        tenure == null ? "" : tenure.worker(),
        state,
        tenure != null && tenure.recovering() ? progress(recoveries.get(task)) : -1,
        List.copyOf(standbys.getOrDefault(task, new TreeSet<>())));
  }

  private static double progress(LiveEvent.@Nullable Recovers recovery) {
    if (recovery == null || recovery.records() == 0) {
      return -1;
    }
    return Math.clamp(1 - (double) recovery.missing() / recovery.records(), 0, 1);
  }

  /// The timeline of the report, up to now: well-formed HTML.
  public String timeline(long now) {
    List<Timeline.Series> curves = flow.curves(now);
    long from = flow.curvesFrom();
    List<Tenure> tenures =
        ownership.until(now).stream().filter(tenure -> tenure.toMillis() > from).toList();
    Timeline timeline = new Timeline(from, now, curves, tenures, List.of());
    return TimelinePicture.render(
        timeline, faults.outcomes(), startedAt, List.copyOf(workers.keySet()));
  }
}
