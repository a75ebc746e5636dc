package dev.gretchen.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.ClosedValue;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.LoadKind;
import dev.gretchen.verifier.contract.Partitioner;
import dev.gretchen.verifier.contract.SessionValue;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.contract.TallyJson;
import dev.gretchen.verifier.contract.TimedTally;
import dev.gretchen.verifier.load.LoadEvent;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.OffsetSample;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the app windows would have written had it processed a load without a mistake, with two
/// workers of which the first is killed half-way. It keeps windows and sessions in its own way: by
/// time, and closes them one by one as time passes.
public final class PerfectViews {

  public static final long START = 1_700_000_000_000L;
  public static final List<String> INPUTS =
      List.of("views.eu.shop", "views.eu.blog", "views.us.shop");
  private static final int COMMIT_EVERY = 40;
  private static final long TUMBLING = 5_000;
  private static final long GRACE = 2_000;
  private static final long KEPT = 10_000;
  private static final long HOP = 6_000;
  private static final long STEP = 2_000;
  private static final long HOP_GRACE = 1_000;
  private static final long GAP = 3_000;
  private static final long SESSION_GRACE = 2_000;
  private static final long UNWRITTEN = 5_000;

  public final LoadPlan plan;
  public final int partitions;
  public final List<MemoryLog> inputs = new ArrayList<>();
  public final MemoryLog pageViews;
  public final MemoryLog userViews;
  public final MemoryLog latePages;
  public final MemoryLog lateUsers;
  public final MemoryLog windowClosed;
  public final MemoryLog hopClosed;
  public final MemoryLog sessionClosed;
  public final MemoryLog total;
  public final MemoryLog recent;
  public final MemoryLog window;
  public final MemoryLog hop;
  public final MemoryLog session;
  public final MemoryLog ticks;
  public final MemoryLog audit;
  public final List<OffsetSample> offsets = new ArrayList<>();
  public final long killedAt;
  public final long endedAt;

  private final Pages[] pages;
  private final Users[] users;
  private final Map<MemoryLog, Map<ByteBuffer, Change>> dirty = new LinkedHashMap<>();
  private final List<MemoryLog> written;
  private long epoch;
  private long batchAt;

  @SuppressWarnings("ArrayRecordComponent")
  private record Change(int partition, byte[] key, byte @Nullable [] value, byte[] lineage) {}

  /// A load that is long enough for windows to expire and slow enough to be small.
  public static LoadPlan load(long seed) {
    return new LoadPlan(
        LoadShape.uniform(seed, 40, Duration.ofSeconds(50), 2, "primary"), LoadKind.VIEWS);
  }

  public PerfectViews(LoadPlan plan) {
    this.plan = plan;
    this.partitions = plan.shape().partitions();
    INPUTS.forEach(topic -> inputs.add(new MemoryLog(topic, partitions)));
    this.pageViews = new MemoryLog("page-views", partitions);
    this.userViews = new MemoryLog("user-views", partitions);
    this.latePages = new MemoryLog("late-page-views", partitions);
    this.lateUsers = new MemoryLog("late-user-views", partitions);
    this.windowClosed = new MemoryLog("page-window-closed", partitions);
    this.hopClosed = new MemoryLog("page-hop-closed", partitions);
    this.sessionClosed = new MemoryLog("user-session-closed", partitions);
    this.total = new MemoryLog("windows-page-total-changelog", partitions);
    this.recent = new MemoryLog("windows-page-recent-changelog", partitions);
    this.window = new MemoryLog("windows-page-window-changelog", partitions);
    this.hop = new MemoryLog("windows-page-hop-changelog", partitions);
    this.session = new MemoryLog("windows-user-session-changelog", partitions);
    this.ticks = new MemoryLog("ticks", partitions);
    this.audit = new MemoryLog("windows-audit", 1);
    this.written =
        List.of(
            pageViews,
            userViews,
            latePages,
            lateUsers,
            windowClosed,
            hopClosed,
            sessionClosed,
            total,
            recent,
            window,
            hop,
            session);
    this.killedAt = START + (long) plan.dueMillis(plan.count() / 2);
    this.endedAt = START + (long) plan.dueMillis(plan.count()) + 1_000;
    this.pages = new Pages[partitions];
    this.users = new Users[partitions];
    for (int p = 0; p < partitions; p++) {
      pages[p] = new Pages(p);
      users[p] = new Users(p);
    }
    tellOwners();
    tick();
    for (long i = 0; i < plan.count(); i++) {
      process(plan.event(i));
      if (i % COMMIT_EVERY == COMMIT_EVERY - 1 || i == plan.count() - 1) {
        commit(seenAt(i));
      }
    }
  }

  /// Every log, inputs first, the audit topic's last.
  public List<MemoryLog> logs() {
    List<MemoryLog> all = new ArrayList<>(inputs);
    all.addAll(written);
    all.add(ticks);
    all.add(audit);
    return all;
  }

  /// The changelogs by table.
  public Map<String, MemoryLog> tables() {
    return Map.of(
        "page-total", total,
        "page-recent", recent,
        "page-window", window,
        "page-hop", hop,
        "user-session", session);
  }

  public long seenAt(long index) {
    return START + (long) plan.dueMillis(index) + 20;
  }

  private void tellOwners() {
    for (int p = 0; p < partitions; p++) {
      String first = p % 2 == 0 ? "w1" : "w2";
      audit(START - 500, first, "assigned", p, 1);
      audit(START - 300, first, "running", p, 1);
      if (p % 2 == 0) {
        audit(killedAt + 100, "w2", "assigned", p, 2);
        audit(killedAt + 200, "w2", "running", p, 2);
      }
    }
    audit(killedAt + 50, "w1", "started", -1, -1);
  }

  /// A timer fires every five seconds, each time in a transaction of its own.
  private void tick() {
    byte[] key = "tick".getBytes(UTF_8);
    for (long at = START; at < endedAt; at += 5_000) {
      byte[] lineage =
          new Lineage("windows-leader", 0, at, at, "w2", 1, (at - START) / 5_000).encode();
      ticks.append(0, at + 5, at, key, Long.toString(at).getBytes(UTF_8), null, lineage);
      ticks.control(0);
    }
  }

  private void process(LoadEvent event) {
    long at = seenAt(event.index());
    MemoryLog input = inputs.get(event.partition() / partitions);
    LogRecord view =
        input.append(
            event.partition() % partitions,
            at,
            event.timestamp(),
            event.key(),
            event.value(),
            event.id(),
            null);
    if (!plan.isColor(event.id())) {
      return;
    }
    String region = input.topic().split("\\.", -1)[1];
    byte[] page = (region + "/" + new String(event.value(), UTF_8)).getBytes(UTF_8);
    byte[] lineage = lineage(input.topic(), view.partition(), view.offset());
    int byPage = Partitioner.partition(page, partitions);
    pages[byPage].view(
        pageViews.append(byPage, at, event.timestamp(), page, event.key(), event.id(), lineage));
    int byUser = Partitioner.partition(event.key(), partitions);
    users[byUser].view(
        userViews.append(byUser, at, event.timestamp(), event.key(), page, event.id(), lineage));
  }

  private void late(MemoryLog to, String table, LogRecord view, String windows, byte[] lineage) {
    LogRecord copy =
        to.append(
            view.partition(),
            view.observedAt(),
            view.timestamp(),
            key(view),
            view.value(),
            view.id(),
            lineage);
    List<LogRecord> list = to.list(view.partition());
    list.set(
        list.size() - 1,
        new LogRecord(
            copy.partition(),
            copy.offset(),
            copy.timestamp(),
            copy.observedAt(),
            copy.key(),
            copy.value(),
            true,
            copy.id(),
            lineage,
            (table + " " + windows).getBytes(UTF_8)));
  }

  private void closed(
      MemoryLog to, String source, int p, LogRecord by, String key, ClosedValue value) {
    to.append(
        p,
        by.observedAt(),
        value.end() - 1,
        key.getBytes(UTF_8),
        value.encode(),
        null,
        lineage(source, p, value.end()));
  }

  private static byte[] key(LogRecord view) {
    return Objects.requireNonNull(view.key());
  }

  private void change(MemoryLog log, int p, byte[] key, byte @Nullable [] value, byte[] lineage) {
    dirty
        .computeIfAbsent(log, _ -> new LinkedHashMap<>())
        .put(ByteBuffer.wrap(key), new Change(p, key, value, lineage));
  }

  /// What happens behind one partition of page-views.
  private final class Pages {
    private final int partition;
    private final Map<String, Tally> totals = new HashMap<>();
    private final Map<String, TimedTally> recents = new HashMap<>();
    private final Map<Long, Map<String, Tally>> tumbling = new TreeMap<>();
    private final Map<Long, Map<String, Tally>> hopping = new TreeMap<>();
    private long closedUpTo = Long.MIN_VALUE;
    private long now = Long.MIN_VALUE;

    Pages(int partition) {
      this.partition = partition;
    }

    void view(LogRecord view) {
      now = Math.max(now, view.timestamp());
      byte[] lineage = lineage("page-views", partition, view.offset());
      pass(view);
      drop(lineage);
      String key = new String(key(view), UTF_8);
      Tally all = totals.merge(key, Tally.NONE.plus(view.id()), Tally::and);
      change(total, partition, ChangelogKey.plain(key(view)), TallyJson.encode(all), lineage);
      recent(key, view, lineage);
      tumbling(key, view, lineage);
      hopping(key, view, lineage);
    }

    private void recent(String key, LogRecord view, byte[] lineage) {
      TimedTally old = recents.get(key);
      Tally before = old == null || now - old.at() >= UNWRITTEN ? Tally.NONE : old.tally();
      TimedTally value = new TimedTally(now, before.plus(view.id()));
      recents.put(key, value);
      change(recent, partition, ChangelogKey.plain(key(view)), value.encode(), lineage);
    }

    private void tumbling(String key, LogRecord view, byte[] lineage) {
      long start = view.timestamp() - view.timestamp() % TUMBLING;
      if (now >= start + TUMBLING + GRACE) {
        late(latePages, "page-window", view, Long.toString(start), lineage);
        return;
      }
      Tally tally =
          tumbling
              .computeIfAbsent(start, _ -> new TreeMap<>())
              .merge(key, Tally.NONE.plus(view.id()), Tally::and);
      byte[] stored = ChangelogKey.windowed(start, key(view));
      change(window, partition, stored, TallyJson.encode(tally), lineage);
    }

    private void hopping(String key, LogRecord view, byte[] lineage) {
      List<String> missed = new ArrayList<>();
      long last = view.timestamp() - view.timestamp() % STEP;
      for (long start = last - HOP + STEP; start <= last; start += STEP) {
        if (now >= start + HOP + HOP_GRACE) {
          missed.add(Long.toString(start));
        } else {
          Tally tally =
              hopping
                  .computeIfAbsent(start, _ -> new TreeMap<>())
                  .merge(key, Tally.NONE.plus(view.id()), Tally::and);
          byte[] stored = ChangelogKey.windowed(start, key(view));
          change(hop, partition, stored, TallyJson.encode(tally), lineage);
        }
      }
      if (!missed.isEmpty()) {
        late(latePages, "page-hop", view, String.join(",", missed), lineage);
      }
    }

    /// Closes what time has passed.
    private void pass(LogRecord by) {
      tumbling.forEach((start, tallies) -> {
        if (start > closedUpTo && now >= start + TUMBLING + GRACE) {
          tell(windowClosed, by, start, start + TUMBLING, tallies);
          closedUpTo = start;
        }
      });
      hopping.forEach((start, tallies) -> {
        if (now >= start + HOP + HOP_GRACE) {
          tell(hopClosed, by, start, start + HOP, tallies);
        }
      });
    }

    private void drop(byte[] lineage) {
      drop(tumbling, window, TUMBLING + KEPT, lineage);
      drop(hopping, hop, HOP + HOP_GRACE, lineage);
    }

    private void tell(
        MemoryLog to, LogRecord by, long start, long end, Map<String, Tally> tallies) {
      tallies.forEach((key, tally) ->
          closed(to, "page-views", partition, by, key, new ClosedValue(start, end, tally)));
    }

    private void drop(
        Map<Long, Map<String, Tally>> windows, MemoryLog log, long after, byte[] lineage) {
      for (Iterator<Map.Entry<Long, Map<String, Tally>>> all = windows.entrySet().iterator();
          all.hasNext(); ) {
        Map.Entry<Long, Map<String, Tally>> each = all.next();
        if (now >= each.getKey() + after) {
          for (String key : each.getValue().keySet()) {
            byte[] stored = ChangelogKey.windowed(each.getKey(), key.getBytes(UTF_8));
            change(log, partition, stored, null, lineage);
          }
          all.remove();
        }
      }
    }

    /// Deletes keys whose time is over, as a sweep would.
    void sweep(byte[] lineage) {
      recents
          .entrySet()
          .removeIf(entry -> {
            boolean over = now - entry.getValue().at() >= UNWRITTEN;
            if (over) {
              byte[] key = ChangelogKey.plain(entry.getKey().getBytes(UTF_8));
              change(recent, partition, key, null, lineage);
            }
            return over;
          });
    }
  }

  /// What happens behind one partition of user-views.
  private final class Users {

    private static final class Visit {
      private final String user;
      private final long place;
      private long start;
      private long end;
      private Tally tally = Tally.NONE;

      Visit(String user, long at) {
        this.user = user;
        this.place = at;
        this.start = at;
        this.end = at + GAP;
      }

      byte[] stored() {
        return ChangelogKey.windowed(place, user.getBytes(UTF_8));
      }
    }

    private final int partition;
    private final List<Visit> visits = new ArrayList<>();
    private long now = Long.MIN_VALUE;

    Users(int partition) {
      this.partition = partition;
    }

    void view(LogRecord view) {
      now = Math.max(now, view.timestamp());
      byte[] lineage = lineage("user-views", partition, view.offset());
      close(view, lineage);
      String user = new String(key(view), UTF_8);
      long at = view.timestamp();
      List<Visit> touched =
          visits.stream()
              .filter(v -> v.user.equals(user) && at < v.end && at + GAP > v.start)
              .sorted(Comparator.comparingLong(v -> v.place))
              .toList();
      if (touched.isEmpty() && now >= at + GAP + SESSION_GRACE) {
        late(lateUsers, "user-session", view, Long.toString(at), lineage);
        return;
      }
      Visit visit = touched.isEmpty() ? new Visit(user, at) : touched.getFirst();
      for (Visit other : touched) {
        if (other != visit) {
          visit.start = Math.min(visit.start, other.start);
          visit.end = Math.max(visit.end, other.end);
          visit.tally = visit.tally.and(other.tally);
          visits.remove(other);
          change(session, partition, other.stored(), null, lineage);
        }
      }
      visit.start = Math.min(visit.start, at);
      visit.end = Math.max(visit.end, at + GAP);
      visit.tally = visit.tally.plus(view.id());
      if (touched.isEmpty()) {
        visits.add(visit);
      }
      byte[] value = new SessionValue(visit.start, visit.end, visit.tally).encode();
      change(session, partition, visit.stored(), value, lineage);
    }

    private void close(LogRecord by, byte[] lineage) {
      List<Visit> over =
          visits.stream()
              .filter(visit -> now >= visit.end + SESSION_GRACE)
              .sorted(Comparator.comparingLong(visit -> visit.end))
              .toList();
      for (Visit visit : over) {
        ClosedValue value = new ClosedValue(visit.start, visit.end, visit.tally);
        closed(sessionClosed, "user-views", partition, by, visit.user, value);
        change(session, partition, visit.stored(), null, lineage);
        visits.remove(visit);
      }
    }
  }

  private void commit(long at) {
    for (int p = 0; p < partitions; p++) {
      List<LogRecord> views = pageViews.list(p);
      if (!views.isEmpty()) {
        pages[p].sweep(lineage("page-views", p, views.getLast().offset()));
      }
    }
    dirty.forEach((log, changes) ->
        changes
            .values()
            .forEach(change ->
                log.append(
                    change.partition(),
                    at,
                    at,
                    change.key(),
                    change.value(),
                    null,
                    change.lineage())));
    dirty.clear();
    if (epoch % 10 == 0) {
      List<MemoryLog> sources = new ArrayList<>(inputs);
      sources.add(pageViews);
      sources.add(userViews);
      for (MemoryLog source : sources) {
        for (int p = 0; p < partitions; p++) {
          List<LogRecord> records = source.list(p);
          long end = records.isEmpty() ? 0 : records.getLast().offset() + 1;
          offsets.add(new OffsetSample(at, source.topic(), p, end, end, end, false));
        }
      }
    }
    epoch++;
    batchAt = at;
    for (MemoryLog log : written) {
      for (int p = 0; p < partitions; p++) {
        log.control(p);
      }
    }
  }

  private byte[] lineage(String topic, int p, long offset) {
    boolean before = batchAt < killedAt;
    String worker = before && p % 2 == 0 ? "w1" : "w2";
    return new Lineage(topic, p, offset, offset, worker, before ? 1 : 2, epoch).encode();
  }

  private void audit(long at, String worker, String event, int partition, long generation) {
    String json =
        "{\"at\":%d,\"worker\":\"%s\",\"incarnation\":\"i\",\"event\":\"%s\",\"topic\":\"page-views\",\"partition\":%d,\"generation\":%d}"
            .formatted(at, worker, event, partition, generation);
    audit.append(0, at, at, worker.getBytes(UTF_8), json.getBytes(UTF_8), null, null);
  }
}
