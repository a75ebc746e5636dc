package dev.gretchen.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.ChatEvent;
import dev.gretchen.verifier.contract.ChatValue;
import dev.gretchen.verifier.contract.Lineage;
import dev.gretchen.verifier.contract.LoadKind;
import dev.gretchen.verifier.contract.Partitioner;
import dev.gretchen.verifier.load.Audience;
import dev.gretchen.verifier.load.Chat;
import dev.gretchen.verifier.load.LoadEvent;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.truth.ChatFold;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.truth.Sighting;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What feed-chat and a dozen of its clients would have written and seen of a load without a
/// mistake. The first of two workers is killed half-way and comes back a moment later, and so do
/// its clients; now and then one reads a room again. A test edits what it likes.
public final class PerfectChat {

  public static final long START = 1_700_000_000_000L;
  public static final int CLIENTS = 12;

  private static final int COMMIT_EVERY = 40;
  private static final int REMEMBERED = 16;
  private static final int KEPT = 100;

  @SuppressWarnings("ArrayRecordComponent")
  private record Update(
      MemoryLog changelog, int partition, byte[] key, byte @Nullable [] value, byte[] lineage) {}

  public final LoadPlan plan;
  public final Chat chat;
  public final int partitions;
  public final MemoryLog events;
  public final MemoryLog admitted;
  public final MemoryLog rejected;
  public final MemoryLog feed;
  public final MemoryLog bans;
  public final MemoryLog banned;
  public final MemoryLog posted;
  public final MemoryLog recent;
  public final MemoryLog dead;
  public final MemoryLog audit;
  public final List<Sighting> sightings = new ArrayList<>();
  public final List<OffsetSample> offsets = new ArrayList<>();
  public final long killedAt;
  public final long endedAt;

  private final Map<String, ChatValue.Banned> inForce = new HashMap<>();

  /// What every worker's copy of the bans holds: a ban that is lifted and laid anew within a commit
  /// is never lifted there.
  private final Map<String, ChatValue.Banned> published = new HashMap<>();

  private final Map<String, Deque<Long>> remembered = new HashMap<>();
  private final Map<String, List<ChatValue.Numbered>> rooms = new HashMap<>();
  private final Map<String, Update> dirty = new LinkedHashMap<>();
  private final Map<String, Long> seen = new HashMap<>();
  private final int[] nextPost = new int[CLIENTS];
  private long epoch;
  private long batchAt;
  private long now = START;
  private boolean restarted;

  public PerfectChat(LoadPlan plan) {
    this.plan = plan;
    this.chat = plan.chat();
    this.partitions = plan.shape().partitions();
    this.events = new MemoryLog("chat-events", partitions);
    this.admitted = new MemoryLog("admitted", partitions);
    this.rejected = new MemoryLog("rejected", partitions);
    this.feed = new MemoryLog("feed", partitions);
    this.bans = new MemoryLog("bans", partitions);
    this.banned = new MemoryLog("feed-chat-banned-changelog", partitions);
    this.posted = new MemoryLog("feed-chat-posted-changelog", partitions);
    this.recent = new MemoryLog("feed-chat-recent-changelog", partitions);
    this.dead = new MemoryLog("feed-chat-dead-letters", 1);
    this.audit = new MemoryLog("feed-chat-audit", 1);
    this.killedAt = START + (long) plan.dueMillis(plan.count() / 2);
    this.endedAt = START + (long) plan.dueMillis(plan.count()) + 1_000;
    tellOwnership();
    for (int client = 0; client < CLIENTS; client++) {
      connect(client, START - 200);
    }
    for (long i = 0; i < plan.count(); i++) {
      long at = seenAt(i);
      now = at;
      posts(at);
      process(plan.event(i), at);
      if (!restarted && at > killedAt + 300) {
        restart(at);
      }
      if (i % 100 == 99) {
        reread((int) (i / 100) % CLIENTS, at);
        read((int) (i / 100) % CLIENTS, at + 2);
      }
      if (i % COMMIT_EVERY == COMMIT_EVERY - 1 || i == plan.count() - 1) {
        commit(at);
      }
    }
    sightings.add(new Sighting.TriedToBan(START + 5, 0, "user-0"));
  }

  /// A load of so many seconds.
  public static LoadPlan load(long seed, Duration length) {
    return new LoadPlan(LoadShape.uniform(seed, 20, length, 4, "primary"), LoadKind.CHAT);
  }

  public long seenAt(long index) {
    return START + (long) plan.dueMillis(index) + 20;
  }

  /// All logs, the input first.
  public List<MemoryLog> logs() {
    return List.of(events, admitted, rejected, feed, bans, banned, posted, recent, dead, audit);
  }

  /// The changelogs by their tables.
  public Map<String, MemoryLog> tables() {
    return Map.of("banned", banned, "posted", posted, "recent", recent);
  }

  private void tellOwnership() {
    tell(START - 1_000, "w1", "w1-a", "started", -1, -1);
    tell(START - 1_000, "w2", "w2-a", "started", -1, -1);
    for (int p = 0; p < partitions; p++) {
      String first = p % 2 == 0 ? "w1" : "w2";
      tell(START - 500, first, first + "-a", "assigned", p, 1);
      tell(START - 300, first, first + "-a", "running", p, 1);
    }
    tell(killedAt + 50, "w1", "w1-b", "started", -1, -1);
    for (int p = 0; p < partitions; p += 2) {
      tell(killedAt + 100, "w2", "w2-a", "assigned", p, 2);
      tell(killedAt + 200, "w2", "w2-a", "running", p, 2);
    }
  }

  private void tell(
      long at, String worker, String incarnation, String event, int partition, long generation) {
    String json =
        "{\"at\":%d,\"worker\":\"%s\",\"incarnation\":\"%s\",\"event\":\"%s\",\"topic\":\"%s\",\"partition\":%d,\"generation\":%d}"
            .formatted(
                at,
                worker,
                incarnation,
                event,
                partition < 0 ? "" : "chat-events",
                partition,
                generation);
    audit.append(0, at, at, worker.getBytes(UTF_8), json.getBytes(UTF_8), null, null);
  }

  private void posts(long at) {
    Audience audience = chat.audience();
    for (int client = 0; client < CLIENTS; client++) {
      int number = nextPost[client];
      if (isHere(client) && START + audience.dueMillis(client, number) <= at) {
        nextPost[client]++;
        long id = audience.id(client, number);
        sightings.add(new Sighting.Posted(at - 5, client, id));
        ChatEvent.Post post =
            new ChatEvent.Post(chat.user(id), chat.rooms().get(chat.room(id)), chat.text(id));
        byte[] key = post.user().getBytes(UTF_8);
        int partition = Partitioner.partition(key, partitions);
        LogRecord record = events.append(partition, at, at - 3, key, post.value(), id, null);
        sightings.add(
            new Sighting.Answered(
                at, client, id, Sighting.Answer.IN_LOG, partition, record.offset()));
        post(record, post, at);
      }
    }
  }

  private void process(LoadEvent event, long at) {
    LogRecord record =
        events.append(
            event.partition(), at, event.timestamp(), event.key(), event.value(), event.id(), null);
    String user = chat.user(event.id());
    switch (chat.kind(event.id())) {
      case POST ->
          post(
              record,
              new ChatEvent.Post(
                  user, chat.rooms().get(chat.room(event.id())), chat.text(event.id())),
              at);
      case BAN -> {
        ChatEvent.Ban ban = (ChatEvent.Ban) decoded(record);
        moderate(
            record,
            user,
            new ChatValue.Banned(record.offset(), ban.by(), ban.reason(), record.timestamp()));
      }
      case UNBAN -> moderate(record, user, null);
      case BROKEN ->
          dead.bury(at, event.timestamp(), event.key(), event.value(), event.id(), "broken");
    }
  }

  private static ChatEvent decoded(LogRecord record) {
    ChatEvent event = ChatEvent.decode(record.key(), record.value());
    if (event == null) {
      throw new IllegalStateException(record + " is no event");
    }
    return event;
  }

  private void moderate(LogRecord record, String user, ChatValue.@Nullable Banned ban) {
    ChatValue.Banned before = ban == null ? inForce.remove(user) : inForce.put(user, ban);
    if (before == null && ban == null) {
      return;
    }
    byte[] key = user.getBytes(UTF_8);
    byte[] value = ban == null ? null : ban.encode();
    byte[] lineage = lineage("chat-events", record);
    update(banned, record.partition(), ChangelogKey.plain(key), value, lineage);
    update(bans, record.partition(), key, value, lineage);
  }

  private void post(LogRecord record, ChatEvent.Post post, long at) {
    byte[] lineage = lineage("chat-events", record);
    Deque<Long> ids = remembered.computeIfAbsent(post.user(), _ -> new ArrayDeque<>());
    ChatValue.Banned ban = inForce.get(post.user());
    if (ban != null || ids.contains(record.id())) {
      ChatValue rejection =
          new ChatValue.Rejected(
              record.id(),
              post.room(),
              ban != null ? ChatValue.BANNED : ChatValue.REPEATED,
              ban != null ? ban.version() : -1,
              record.partition(),
              record.offset());
      rejected.append(
          record.partition(),
          at,
          record.timestamp(),
          post.user().getBytes(UTF_8),
          rejection.encode(),
          record.id(),
          lineage);
      return;
    }
    ids.addLast(record.id());
    if (ids.size() > REMEMBERED) {
      ids.removeFirst();
    }
    update(
        posted,
        record.partition(),
        ChangelogKey.plain(post.user().getBytes(UTF_8)),
        new ChatValue.Posted(List.copyOf(ids)).encode(),
        lineage);
    number(record, post, at, lineage);
  }

  private void number(LogRecord record, ChatEvent.Post post, long at, byte[] lineage) {
    byte[] room = post.room().getBytes(UTF_8);
    int partition = Partitioner.partition(room, partitions);
    LogRecord let =
        admitted.append(
            partition,
            at,
            record.timestamp(),
            room,
            new ChatValue.Admitted(post.user(), post.text()).encode(),
            record.id(),
            lineage);
    List<ChatValue.Numbered> all = rooms.computeIfAbsent(post.room(), _ -> new ArrayList<>());
    ChatValue.Numbered numbered =
        new ChatValue.Numbered(
            all.size() + 1L, record.id(), post.user(), post.text(), record.timestamp());
    all.add(numbered);
    byte[] next = lineage("admitted", let);
    feed.append(partition, at, record.timestamp(), room, numbered.encode(), record.id(), next);
    List<ChatValue.Numbered> last = all.subList(Math.max(0, all.size() - KEPT), all.size());
    update(
        recent,
        partition,
        ChangelogKey.plain(room),
        new ChatValue.Recent(all.size(), last).encode(),
        next);
    for (int client = 0; client < CLIENTS; client++) {
      if (isHere(client) && isIn(client, post.room())) {
        show(client, post.room(), at);
      }
    }
  }

  private boolean isIn(int client, String room) {
    return chat.audience().rooms(client).contains(chat.rooms().indexOf(room));
  }

  /// The clients of the first worker are nowhere between its end and its next process.
  private boolean isHere(int client) {
    return client % 2 == 1 || restarted || now < killedAt;
  }

  private void connect(int client, long at) {
    String worker = client % 2 == 0 ? "w1" : "w2";
    String incarnation = worker + (restarted && client % 2 == 0 ? "-b" : "-a");
    sightings.add(new Sighting.Connected(at, client, worker, incarnation));
    for (int room : chat.audience().rooms(client)) {
      String name = chat.rooms().get(room);
      long after = seen.getOrDefault(client + name, 0L);
      join(client, room, after, at);
    }
  }

  private void join(int client, int room, long after, long at) {
    String name = chat.rooms().get(room);
    sightings.add(new Sighting.Asked(at, client, room, after));
    sightings.add(new Sighting.Joined(at, client, room, after + 1));
    seen.put(client + name, after);
    show(client, name, at);
  }

  private void restart(long at) {
    restarted = true;
    for (int client = 0; client < CLIENTS; client += 2) {
      sightings.add(new Sighting.Parted(killedAt, client, 1006, "reset"));
      connect(client, at);
    }
  }

  private void reread(int client, long at) {
    if (isHere(client)) {
      join(client, chat.audience().rooms(client).getFirst(), 0, at);
    }
  }

  private void read(int client, long at) {
    int room = chat.audience().rooms(client).getFirst();
    List<ChatValue.Numbered> all = rooms.getOrDefault(chat.rooms().get(room), List.of());
    long hash = 0;
    for (ChatValue.Numbered post : all.subList(Math.max(0, all.size() - KEPT), all.size())) {
      hash = ChatFold.chained(hash, post.id());
    }
    long last = seen.getOrDefault(client + chat.rooms().get(room), 0L);
    sightings.add(
        new Sighting.Read(at, client, room, last, all.size(), Math.min(KEPT, all.size()), hash));
  }

  /// All that a client has not seen of a room yet.
  private void show(int client, String room, long at) {
    List<ChatValue.Numbered> all = rooms.getOrDefault(room, List.of());
    for (long index = seen.getOrDefault(client + room, 0L) + 1; index <= all.size(); index++) {
      ChatValue.Numbered post = all.get((int) index - 1);
      ChatValue.Banned ban = published.get(post.user());
      sightings.add(
          new Sighting.Shown(
              at + 1,
              client,
              chat.rooms().indexOf(room),
              index,
              post.id(),
              ban == null ? Sighting.NOWHERE : ban.version()));
      seen.put(client + room, index);
    }
  }

  private void update(
      MemoryLog log, int partition, byte[] key, byte @Nullable [] value, byte[] lineage) {
    dirty.put(
        log.topic() + new String(key, UTF_8), new Update(log, partition, key, value, lineage));
  }

  private void commit(long at) {
    for (Update update : dirty.values()) {
      update
          .changelog()
          .append(update.partition(), at, at, update.key(), update.value(), null, update.lineage());
      if (update.changelog().equals(bans)) {
        publish(new String(update.key(), UTF_8), ChatValue.banned(update.value()));
      }
    }
    dirty.clear();
    if (epoch % 10 == 0) {
      for (MemoryLog source : List.of(events, admitted)) {
        for (int p = 0; p < partitions; p++) {
          List<LogRecord> records = source.list(p);
          long end = records.isEmpty() ? 0 : records.getLast().offset() + 1;
          offsets.add(new OffsetSample(at, source.topic(), p, end, end, end, false));
        }
      }
    }
    epoch++;
    batchAt = at;
    for (MemoryLog log : List.of(admitted, rejected, feed, bans, banned, posted, recent)) {
      for (int p = 0; p < partitions; p++) {
        log.control(p);
      }
    }
  }

  private void publish(String user, ChatValue.@Nullable Banned ban) {
    if (ban == null) {
      published.remove(user);
    } else {
      published.put(user, ban);
    }
  }

  private byte[] lineage(String topic, LogRecord source) {
    int p = source.partition();
    boolean before = batchAt < killedAt;
    String worker = before && p % 2 == 0 ? "w1" : "w2";
    long offset = source.offset();
    return new Lineage(topic, p, offset, offset, worker, before ? 1 : 2, epoch).encode();
  }
}
