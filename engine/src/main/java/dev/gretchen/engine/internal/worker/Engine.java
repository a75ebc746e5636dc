package dev.gretchen.engine.internal.worker;

import dev.gretchen.engine.Meter;
import dev.gretchen.engine.internal.ask.Replies;
import dev.gretchen.engine.internal.assign.AssignSettings;
import dev.gretchen.engine.internal.assign.Peer;
import dev.gretchen.engine.internal.channel.Channels;
import dev.gretchen.engine.internal.commit.Committer;
import dev.gretchen.engine.internal.commit.EpochRecords;
import dev.gretchen.engine.internal.commit.Poison;
import dev.gretchen.engine.internal.commit.WriterSettings;
import dev.gretchen.engine.internal.global.GlobalCopy;
import dev.gretchen.engine.internal.global.Globals;
import dev.gretchen.engine.internal.http.HttpPeers;
import dev.gretchen.engine.internal.http.WorkerEndpoints;
import dev.gretchen.engine.internal.lane.Stragglers;
import dev.gretchen.engine.internal.leader.LeaderClock;
import dev.gretchen.engine.internal.membership.MemberSettings;
import dev.gretchen.engine.internal.membership.Orphans;
import dev.gretchen.engine.internal.membership.Placement;
import dev.gretchen.engine.internal.membership.PollLoop;
import dev.gretchen.engine.internal.membership.Predecessor;
import dev.gretchen.engine.internal.membership.TaskTable;
import dev.gretchen.engine.internal.observe.Audit;
import dev.gretchen.engine.internal.observe.Failpoints;
import dev.gretchen.engine.internal.observe.Lineage;
import dev.gretchen.engine.internal.observe.Meters;
import dev.gretchen.engine.internal.recovery.Recovery;
import dev.gretchen.engine.internal.recovery.RecoverySettings;
import dev.gretchen.engine.internal.recovery.StandbyTask;
import dev.gretchen.engine.internal.recovery.Standbys;
import dev.gretchen.engine.internal.route.LocalTables;
import dev.gretchen.engine.internal.route.Peers;
import dev.gretchen.engine.internal.route.TableRouter;
import dev.gretchen.engine.internal.store.Store;
import dev.gretchen.engine.internal.store.StorePartition;
import dev.gretchen.engine.internal.surroundings.Monitor;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import dev.gretchen.engine.internal.task.Budget;
import dev.gretchen.engine.internal.task.CellBound;
import dev.gretchen.engine.internal.task.Mailbox;
import dev.gretchen.engine.internal.task.Reach;
import dev.gretchen.engine.internal.task.Task;
import dev.gretchen.engine.internal.task.TaskContext;
import dev.gretchen.engine.internal.task.TaskId;
import dev.gretchen.engine.internal.topology.TableSpec;
import dev.gretchen.engine.internal.topology.Topology;
import dev.gretchen.engine.internal.watch.Eviction;
import dev.gretchen.engine.internal.watch.Watch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One worker: all parts of the engine, wired in one place, started and ended in order.
///
///     poll loop ──records──> tasks ──staged effects──> committer ──one transaction──> Kafka
///        │  ^                  ^                           └──after the commit──> store
///        │  └── recovered ── recovery <── changelogs
///        └── ownership, under which the committer may commit
///     standbys <── changelogs of tables that other workers own
public final class Engine {

  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  /// Staged effects a worker may hold.
  private static final long STAGED_BYTES_MAX = 24L << 20;

  /// Header and framing of a record beside key and value.
  private static final int RECORD_OVERHEAD = 2_048;

  /// Where the endpoints listen.
  private static final String LOOPBACK = "127.0.0.1";

  /// Events fetched and not handled yet, for each partition. What waits is alive when the collector
  /// comes, and is copied: some polls' worth keeps handlers busy, more only makes pauses longer.
  private static final Mailbox.Bounds MAILBOX = new Mailbox.Bounds(4_000, 8L << 20);

  private static final Duration STOP_BOUND = Duration.ofSeconds(10);

  /// For agents of channels, to come to the end of what was sent.
  private static final Duration CHANNELS_BOUND = Duration.ofSeconds(2);

  /// For copying the topics of global tables.
  private static final Duration GLOBALS_BOUND = Duration.ofMinutes(10);

  private final Topology topology;
  private final EngineSettings settings;
  private final Surroundings surroundings;
  private final Monitor monitor;
  private final Failpoints failpoints;
  private final Meters meters = new Meters();
  private final TaskTable tasks = new TaskTable();
  private final Poison poison = new Poison();
  private final Topics topics;
  private final Admin admin;
  private final Store store;
  private final Audit audit;
  private final Budget budget;
  private final TaskContext taskContext;
  private final Committer committer;
  private final PollLoop pollLoop;
  private final Eviction eviction;
  private final Watch watch;
  private final StoreKeeper storeKeeper;
  private final @Nullable LeaderClock leaderClock;
  private final @Nullable TopicFinder finder;
  private final @Nullable Purge purge;
  private final @Nullable Globals globals;
  private final @Nullable Replies replies;
  private final @Nullable Channels channels;
  private final Standbys standbys;
  private final Placement placement;
  private final WorkerEndpoints endpoints;
  private final Peers peers = new HttpPeers();
  private final TableRouter router;
  private final String incarnation;
  private final Serving serving;
  private final List<Surroundings.Running> running = new ArrayList<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final List<Surroundings.Running> watching = new ArrayList<>();
  private Surroundings.@Nullable Running auditing;
  private volatile boolean ended;
  private long tokens;

  /// @param opened takes what is to be closed again if the worker cannot start
  private Engine(
      Topology topology,
      EngineSettings settings,
      EngineParts parts,
      Surroundings surroundings,
      Deque<Runnable> opened) {
    this.topology = topology;
    this.settings = settings;
    this.surroundings = surroundings;
    this.monitor = surroundings.monitor();
    this.failpoints =
        new Failpoints(settings.failpoints(), surroundings.monitor(), surroundings::halt);
    this.incarnation = HexFormat.of().toHexDigits(surroundings.random().nextInt());
    String clientId = Peer.instance(settings.worker(), incarnation);
    this.admin =
        surroundings
            .kafka()
            .admin(
                Map.of(
                    AdminClientConfig.CLIENT_ID_CONFIG,
                    clientId + "-admin",
                    AdminClientConfig.RETRY_BACKOFF_MS_CONFIG,
                    10));
    opened.push(() -> admin.close(STOP_BOUND));
    this.topics = new Topics(admin, surroundings.monitor());
    topics.prepare(topology, settings.createTopics());
    this.serving = new Serving(surroundings, clientId, topics::partitionsOf, this::endedWith);
    this.store = parts.store().open(settings);
    opened.push(store::close);
    this.endpoints = parts.endpoints().open(settings.httpPort(), new Surface(this));
    opened.push(endpoints::close);
    this.audit = new Audit(surroundings, topology.auditTopic(), settings.worker(), incarnation);

    this.globals =
        topology.streams().globals().isEmpty()
            ? null
            : new Globals(
                topology.streams().globals(),
                topics::partitionsOf,
                surroundings,
                RecoverySettings.consumerOfGlobals(clientId));
    this.replies =
        topology.answers()
            ? new Replies(
                surroundings,
                Topology.repliesTopic(topology.app()),
                clientId,
                topology.streams().answering())
            : null;
    this.channels =
        topology.streams().channels().isEmpty()
            ? null
            : new Channels(topology.streams().channels(), surroundings, meters, this::fail);
    Monitor commits = surroundings.monitor();
    this.budget =
        new Budget(STAGED_BYTES_MAX, commits::signal, () -> tasks.all().forEach(Task::wake));
    WriterSettings writerSettings =
        WriterSettings.standard(topology.app() + "-" + settings.worker(), clientId);
    this.taskContext =
        new TaskContext(
            topology,
            surroundings,
            budget,
            meters,
            MAILBOX,
            () -> pollLoop().roomAgain(),
            new CellBound(settings.cellBytesMax()),
            writerSettings.requestBytesMax() - RECORD_OVERHEAD,
            poison,
            parts.tasks(),
            new Stragglers(),
            this::fail,
            new Reach(this::global, replies, channels));
    this.committer =
        new Committer(
            new OneOfTwins(
                parts
                    .writer()
                    .make(
                        surroundings,
                        new EpochRecords(topology, new Lineage(settings.worker())),
                        failpoints,
                        meters,
                        settings.guarantee(),
                        writerSettings),
                () -> watch().twin()),
            topology,
            surroundings,
            commits,
            meters,
            budget,
            poison,
            settings.commitIntervalMin(),
            settings.commitInterval(),
            tasks::all,
            task -> pollLoop().startAnew(task),
            topics::changelogId);
    if (!settings.stateInMemory()) {
      Predecessor.evict(admin, topology.app(), settings.worker(), clientId);
    }
    this.eviction = new Eviction(surroundings, admin, topology.app());
    this.watch = watch(parts, clientId, writerSettings.transactionalId());
    opened.push(watch::close);
    this.standbys =
        new Standbys(
            topology,
            surroundings,
            RecoverySettings.ofStandbys(clientId, Topics.TOMBSTONES_KEPT),
            failpoints,
            meters);
    this.placement =
        new Placement(
            topology,
            new Placement.Identity(
                settings.worker(),
                incarnation,
                settings.rack(),
                LOOPBACK + ":" + endpoints.port(),
                watch.address(),
                writerSettings.transactionalId()),
            AssignSettings.of(settings.standbys(), settings.acceptableLagRecords()),
            surroundings,
            store,
            topics::changelogId,
            Topics.TOMBSTONES_KEPT,
            () -> ++tokens,
            standbys,
            audit);
    Orphans orphans =
        new Orphans(
            topology,
            store,
            tasks,
            placement,
            topics::changelogId,
            Topics.TOMBSTONES_KEPT,
            surroundings);
    MemberSettings member = MemberSettings.standard(topology.app(), clientId, placement);
    this.pollLoop =
        new PollLoop(
            surroundings,
            surroundings.kafka().consumer(member.consumer()),
            member,
            subscribed(),
            tasks,
            this::newTask,
            committer,
            loop ->
                new Recovery(
                    topology,
                    surroundings,
                    RecoverySettings.standard(clientId, Topics.TOMBSTONES_KEPT),
                    failpoints,
                    meters,
                    parts.recoveryEnd(),
                    loop::recovered,
                    this::fail),
            audit,
            failpoints,
            watch,
            () -> {
              orphans.tidy();
              return placement.asksForRebalance();
            });
    this.router =
        new TableRouter(
            topology,
            incarnation,
            placement::view,
            new LocalTables(settings.worker(), tasks, placement, surroundings),
            topics::partitionsOf,
            peers,
            surroundings.handlers());
    this.leaderClock = topology.hasTimers() ? new LeaderClock(topology, tasks, surroundings) : null;
    this.storeKeeper = new StoreKeeper(store, tasks, surroundings);
    this.finder =
        topology.hasPatterns()
            ? new TopicFinder(topology, topics, pollLoop::readToo, surroundings.monitor())
            : null;
    this.purge =
        topology.streams().repartitions().isEmpty()
            ? null
            : new Purge(admin, topology, tasks, surroundings.monitor());
    registerGauges();
  }

  /// What the group's consumer reads from the start. Without any topic it would be no member, and
  /// where patterns may find some later, it must be one: so it also names one that the app has for
  /// certain, and that is shared out to nobody.
  private List<String> subscribed() {
    List<String> all = new ArrayList<>(topology.inputs());
    if (topology.hasPatterns()) {
      all.addAll(topics.found(topology));
      all.add(topology.deadLetterTopic());
    }
    return all;
  }

  /// Starts a worker. Returns when it is on its way into the group.
  ///
  /// @throws WorkerCannotStart or [dev.gretchen.engine.internal.store.StoreUnavailable] with a
  ///   sentence that says why not
  public static Engine start(
      Topology topology, EngineSettings settings, EngineParts parts, Surroundings surroundings) {
    Deque<Runnable> opened = new ArrayDeque<>();
    try {
      Engine engine = new Engine(topology, settings, parts, surroundings, opened);
      engine.run();
      return engine;
    } catch (RuntimeException cannotStart) {
      opened.forEach(Runnable::run);
      throw cannotStart;
    }
  }

  private void run() {
    endpoints.start();
    // before the copies are complete: what was published until now is in them
    audit.worker("started");
    if (globals != null) {
      completeGlobals(globals);
    }
    auditing = surroundings.start("audit", audit, Engine::auditEnded);
    running.add(surroundings.start("committer", committer, this::endedWith));
    running.add(surroundings.start("recovery", pollLoop.recovery(), this::endedWith));
    running.add(surroundings.start("standbys", standbys, this::endedWith));
    running.add(surroundings.start("keeper", storeKeeper, this::endedWith));
    watching.add(surroundings.start("eviction", eviction, this::endedWith));
    watching.add(surroundings.start("watch", watch, this::endedWith));
    if (leaderClock != null) {
      running.add(surroundings.start("leader", leaderClock, this::endedWith));
    }
    if (finder != null) {
      running.add(surroundings.start("finder", finder, this::endedWith));
    }
    if (purge != null) {
      running.add(surroundings.start("purge", purge, this::endedWith));
    }
    if (replies != null) {
      running.add(surroundings.start("replies", replies, this::endedWith));
    }
    if (channels != null) {
      channels.start();
    }
    running.addFirst(surroundings.start("poll", pollLoop, this::endedWith));
    LOG.atInfo()
        .addKeyValue("app", topology.app())
        .addKeyValue("worker", settings.worker())
        .addKeyValue("guarantee", settings.guarantee().text())
        .addKeyValue("http", endpoints.port())
        .log("worker started");
  }

  /// Only then this worker joins its group, and nothing else of it runs before.
  private void completeGlobals(Globals tables) {
    Surroundings.Running copying =
        surroundings.start(
            "globals",
            tables,
            cause -> {
              endedWith(cause);
              tables.stop();
            });
    running.add(copying);
    if (!tables.awaitComplete(GLOBALS_BOUND)) {
      tables.stop();
      copying.awaitEnd(STOP_BOUND);
      throw new WorkerCannotStart(
          "the global tables of app "
              + topology.app()
              + " were not complete after "
              + GLOBALS_BOUND.toMinutes()
              + " minutes; are their topics reachable, and small enough to be copied to each worker? "
              + (failure.get() == null ? "" : "They failed: " + failure.get()));
    }
  }

  /// This worker's copy of a global table; null if the app has none of this name.
  public @Nullable GlobalCopy global(String table) {
    return globals == null ? null : globals.copy(table);
  }

  /// What the app serves beside its agents.
  public Serving serving() {
    return serving;
  }

  /// The worker's channels.
  ///
  /// @throws IllegalArgumentException if the app has none
  public Channels channels() {
    Channels all = channels;
    if (all == null) {
      throw new IllegalArgumentException(
          "app "
              + topology.app()
              + ", which this worker runs, has no channel; declare one with app.channel(...)");
    }
    return all;
  }

  /// How the app's agents are asked.
  ///
  /// @throws IllegalArgumentException if none of them answers
  public Replies replies() {
    Replies asking = replies;
    if (asking == null) {
      throw new IllegalArgumentException(
          "app "
              + topology.app()
              + ", which this worker runs, has no agent that answers; declare one with app.answering(...), or ask a worker of the app that has it");
    }
    return asking;
  }

  /// Drains, commits, leaves the group and closes; callable more than once.
  public synchronized void stop() {
    if (ended) {
      return;
    }
    audit.worker("stopping");
    serving.close();
    pollLoop.stop();
    running.getFirst().awaitEnd(STOP_BOUND);
    if (channels != null) {
      // its handlers, which send to them, have ended
      channels.stop(CHANNELS_BOUND);
    }
    // when it has left: until then, the others are to see whether it hangs
    eviction.stop();
    watch.stop();
    watching.forEach(activity -> activity.awaitEnd(STOP_BOUND));
    committer.stop();
    pollLoop.recovery().stop();
    standbys.stop();
    storeKeeper.stop();
    if (leaderClock != null) {
      leaderClock.stop();
    }
    if (finder != null) {
      finder.stop();
    }
    if (globals != null) {
      globals.stop();
    }
    if (purge != null) {
      purge.stop();
    }
    if (replies != null) {
      replies.stop();
    }
    running.forEach(activity -> activity.awaitEnd(STOP_BOUND));
    tasks.all().forEach(Task::retire);
    endpoints.close();
    peers.close();
    audit.stop();
    if (auditing != null) {
      auditing.awaitEnd(STOP_BOUND);
    }
    admin.close(STOP_BOUND);
    store.close();
    ended = true;
    monitor.signal();
    LOG.atInfo().addKeyValue("worker", settings.worker()).log("worker stopped");
  }

  /// Waits until the worker fails or was stopped; returns what made it fail, or null.
  public @Nullable Throwable awaitEnd(Duration bound) {
    monitor.await(() -> ended || failure.get() != null, bound);
    return failure.get();
  }

  public boolean hasEnded() {
    return ended;
  }

  /// The worker's slot.
  public String name() {
    return settings.worker();
  }

  /// This process of it.
  public String incarnation() {
    return incarnation;
  }

  /// The port of the endpoints.
  public int httpPort() {
    return endpoints.port();
  }

  /// The store partition of a table that this worker's tasks hold, or null.
  public @Nullable StorePartition held(String table, int partition) {
    for (Task task : tasks.all()) {
      if (task.id().partition() == partition) {
        StorePartition found = task.stores().get(table);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /// Partitions of the topic whose agent uses a table.
  public int partitionsOf(String table) {
    for (Map.Entry<String, List<TableSpec>> entry : topology.tablesByTopic().entrySet()) {
      if (entry.getValue().stream().anyMatch(spec -> spec.name().equals(table))) {
        return topics.partitionsOf(entry.getKey());
      }
    }
    throw new IllegalArgumentException("app " + topology.app() + " has no table " + table);
  }

  /// What this worker stands by for, and who has what elsewhere.
  public Placement placement() {
    return placement;
  }

  /// Who has any key answered.
  public TableRouter router() {
    return router;
  }

  /// What `/status` shows.
  Map<String, Object> status() {
    return Status.of(topology, placement, tasks, pollLoop.recovery().underWay(), isReady());
  }

  TaskTable tasks() {
    return tasks;
  }

  /// What an app's views run on.
  Executor viewers() {
    return surroundings.handlers();
  }

  Meters meters() {
    return meters;
  }

  Failpoints failpoints() {
    return failpoints;
  }

  boolean isAlive() {
    return failure.get() == null;
  }

  /// A member, nothing is recovering, and what the app serves is ready too.
  boolean isReady() {
    return isAlive()
        && serving.isReady()
        && pollLoop.isMember()
        && committer.hasBegun()
        && tasks.all().stream().noneMatch(task -> task.stage() == Task.Stage.RECOVERING);
  }

  private PollLoop pollLoop() {
    return pollLoop;
  }

  private Watch watch() {
    return watch;
  }

  private Watch watch(EngineParts parts, String instance, String transactionalId) {
    try {
      return new Watch(
          surroundings,
          parts.watch(),
          () -> placement().view(),
          eviction,
          instance,
          transactionalId,
          settings.peerHost(),
          generation -> pollLoop().rejoin(generation),
          audit,
          meters);
    } catch (IOException taken) {
      throw new WorkerCannotStart(
          "no port on %s can be taken for the other workers (%s); choose another host with --peer-host"
              .formatted(settings.peerHost(), taken.getMessage()));
    }
  }

  private Task newTask(TopicPartition input) {
    TaskId id = TaskId.of(input);
    Map<String, StorePartition> stores = new HashMap<>();
    for (TableSpec table : topology.tablesByTopic().getOrDefault(input.topic(), List.of())) {
      stores.put(table.name(), store.partition(table.name(), input.partition()));
    }
    return new Task(id, ++tokens, taskContext, topics.partitionsOf(input.topic()), stores);
  }

  private void endedWith(@Nullable Throwable cause) {
    if (cause != null) {
      fail(cause);
    }
  }

  /// Nothing hangs on the audit: its loss is no reason to stop.
  private static void auditEnded(@Nullable Throwable cause) {
    if (cause != null) {
      LOG.atWarn().setCause(cause).log("audit ended, nothing more is told");
    }
  }

  private void fail(Throwable cause) {
    if (failure.compareAndSet(null, cause)) {
      LOG.atError().setCause(cause).log("worker fails");
    }
    monitor.signal();
  }

  private void registerGauges() {
    meters.gauge(Meter.LAG, () -> pollLoop().lagRecords());
    meters.gauge(Meter.STAGED_BYTES, budget::heldBytes);
    meters.gauge(Meter.BUFFERED_EVENTS, () -> tasks.all().stream().mapToInt(Task::buffered).sum());
    meters.gauge(Meter.STATE_BYTES, () -> store.taken().files(), "files");
    meters.gauge(Meter.STATE_BYTES, () -> store.taken().memtables(), "memtables");
    meters.gauge(Meter.STATE_BYTES, () -> store.taken().cache(), "cache");
    meters.gauge(
        Meter.STANDBYS,
        () -> placement.standbys().stream().filter(this::lags).count(),
        "recovering");
    meters.gauge(
        Meter.STANDBYS,
        () -> placement.standbys().stream().filter(task -> !lags(task)).count(),
        "running");
    meters.gauge(
        Meter.STANDBY_LAG,
        () ->
            placement.standbys().stream()
                .mapToLong(task -> placement.lag(task.id()).orElse(0))
                .max()
                .orElse(0));
    meters.gauge(
        Meter.RECOVERING_RECORDS,
        () ->
            pollLoop().recovery().underWay().values().stream()
                .mapToLong(Recovery.Stage::missing)
                .sum());
    meters.gauge(
        Meter.LEADER,
        () -> topology.hasTimers() && tasks.get(topology.leaderSeat()) != null ? 1 : 0);
    topology.inputs().forEach(topic -> meters.expect(Meter.EVENTS_HANDLED, topic));
    topology.tablesByTopic().values().stream()
        .flatMap(List::stream)
        .filter(table -> table.windows() != null)
        .forEach(table -> meters.expect(Meter.EVENTS_LATE, table.name()));
    topology.streams().channels().stream()
        .filter(channel -> !channel.readers().isEmpty())
        .forEach(channel -> meters.expect(Meter.CHANNEL_FAILURES, channel.name()));
    for (Task.Stage stage : Task.Stage.values()) {
      meters.gauge(
          Meter.TASKS,
          () -> tasks.all().stream().filter(task -> task.stage() == stage).count(),
          stage.name().toLowerCase(java.util.Locale.ROOT));
    }
  }

  private boolean lags(StandbyTask task) {
    return !placement.hasCaughtUp(task);
  }
}
