package dev.gretchen.engine.internal.task;

import dev.gretchen.engine.Codec;
import dev.gretchen.engine.DeadlinePassed;
import dev.gretchen.engine.EffectTooLarge;
import dev.gretchen.engine.Event;
import dev.gretchen.engine.internal.ask.CallHeaders;
import dev.gretchen.engine.internal.ask.Callee;
import dev.gretchen.engine.internal.ask.Question;
import dev.gretchen.engine.internal.channel.Channels;
import dev.gretchen.engine.internal.channel.Reading;
import dev.gretchen.engine.internal.global.GlobalCopy;
import dev.gretchen.engine.internal.observe.Lineage;
import dev.gretchen.engine.internal.topology.AgentSpec;
import dev.gretchen.engine.internal.topology.EventClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/// The event that a handler is at, or the batch of them, and what it has sent so far. One object a
/// task, bound to the handler's scope for a whole activation, so that an event costs no binding of
/// its own. Confined to the activation, but for [#end].
public final class CurrentEvent {

  /// The header of a late event that names the table.
  static final String LATE_TABLE = "gretchen-late-table";

  /// The header of a late event with the starts of the windows that it missed, comma-separated.
  static final String LATE_WINDOWS = "gretchen-late-windows";

  private static final byte[] NO_KEY = new byte[0];

  private static final ScopedValue<CurrentEvent> SCOPE = ScopedValue.newInstance();

  private final int recordBytesMax;
  private final Map<String, EventTable> tables = new HashMap<>();
  private final List<EventTable> allTables = new ArrayList<>();
  private @Nullable String lastName;
  private @Nullable EventTable lastTable;
  private final List<Output> sent = new ArrayList<>();
  private final Late late;
  private final Waiting waiting;
  private final Reach reach;
  private final WhileOurs whileOurs = new WhileOurs(() -> Waiting.place(source()));
  private final Asker asker;
  private volatile boolean ended;
  private @Nullable ConsumerRecord<byte[], byte[]> source;
  private List<Lanes.Admitted> batch = List.of();
  private boolean causing;
  private @Nullable Headers passedOn;
  private @Nullable Object key;
  private @Nullable Codec<?> keyCodec;
  private long streamTime = Long.MIN_VALUE;

  /// Counts an event that came after its window was dropped.
  @FunctionalInterface
  interface Late {
    void count(String table);
  }

  /// @param waiting how its handlers wait
  CurrentEvent(TaskContext context, Waiting waiting) {
    this(context.recordBytesMax(), context.meters()::late, waiting, context.reach());
  }

  /// Of an app whose handlers reach nothing else.
  CurrentEvent(int recordBytesMax, Late late, Waiting waiting) {
    this(recordBytesMax, late, waiting, Reach.NOTHING);
  }

  private CurrentEvent(int recordBytesMax, Late late, Waiting waiting, Reach reach) {
    this.recordBytesMax = recordBytesMax;
    this.late = late;
    this.waiting = waiting;
    this.reach = reach;
    this.asker = new Asker(reach.replies(), waiting, whileOurs);
  }

  /// The current event of the calling handler.
  ///
  /// @throws IllegalStateException outside a handler, with what to do instead
  public static CurrentEvent required(String what) {
    CurrentEvent current = SCOPE.isBound() ? SCOPE.get() : null;
    if (current == null || current.source == null) {
      Reading reading = Reading.current();
      if (reading != null) {
        throw reading.refused(what);
      }
      throw new IllegalStateException(
          what
              + " is an effect of an event and works inside a handler only, on the handler's own thread; outside, read a table through"
              + " Worker.view(table)");
    }
    return current;
  }

  /// Whether the calling thread is at a handler's event.
  public static boolean isHandling() {
    return SCOPE.isBound() && SCOPE.get().source != null;
  }

  /// Stages a record, with the event's id and timestamp.
  public void send(String topic, byte[] key, byte @Nullable [] value) {
    requireSendable(topic, key, value);
    sent.add(
        new Output(topic, -1, key, value, source().timestamp(), passedOn(), source().offset()));
  }

  /// Stages the event itself under another key: with its timestamp and all headers but the engine's
  /// own.
  public void forward(String topic, byte @Nullable [] key, byte @Nullable [] value) {
    requireSendable(topic, key == null ? NO_KEY : key, value);
    sent.add(new Output(topic, -1, key, value, source().timestamp(), carried(), source().offset()));
  }

  /// As [#forward], with one more header, behind all others.
  public void forward(
      String topic, byte @Nullable [] key, byte @Nullable [] value, String header, byte[] says) {
    requireSendable(topic, key == null ? NO_KEY : key, value);
    Headers headers = carried();
    headers.add(header, says);
    sent.add(new Output(topic, -1, key, value, source().timestamp(), headers, source().offset()));
  }

  /// Runs what the event causes at another time than its own: sends are of that time, and windows.
  public void timed(long timestamp, AgentSpec.Call effects) throws Exception {
    ConsumerRecord<byte[], byte[]> before = source();
    if (before.timestamp() == timestamp) {
      effects.run();
      return;
    }
    at(EventClock.timed(_ -> timestamp, before), streamTime);
    try {
      effects.run();
    } finally {
      at(before, streamTime);
    }
  }

  /// What is sent from now on has this id, until the event has been handled.
  public void identified(byte[] id) {
    Headers headers = new RecordHeaders();
    headers.add(Event.ID_HEADER, id);
    passedOn = headers;
  }

  /// Stages an answer to whoever has asked by this event; nothing where nobody has.
  public void reply(String topic, byte @Nullable [] answer) {
    reply(topic, answer, null);
  }

  /// Stages, in the place of an answer, why there is none.
  void replyFailure(String topic, String reason) {
    reply(topic, null, reason + " (the event at " + Waiting.place(source()) + ")");
  }

  private void reply(String topic, byte @Nullable [] answer, @Nullable String failure) {
    Headers question = source().headers();
    int partition = CallHeaders.replyTo(question);
    if (partition < 0) {
      return;
    }
    requireSendable(topic, NO_KEY, answer);
    Headers headers = CallHeaders.ofAnswer(question, failure);
    sent.add(
        new Output(
            topic,
            partition,
            NO_KEY,
            answer,
            ConsumerRecord.NO_TIMESTAMP,
            headers,
            source().offset()));
  }

  /// Asks another agent, and waits for its answers.
  ///
  /// @throws dev.gretchen.engine.NoAnswer if one of them has not come in time, or cannot come
  /// @throws dev.gretchen.engine.EventAbandoned if the task has ended meanwhile
  /// @throws DeadlinePassed if the event's time is up
  public List<byte @Nullable []> ask(Callee callee, List<Question> questions, Duration within) {
    return asker.ask(source(), batch.size() <= 1 || causing, callee, questions, within);
  }

  /// The worker's channels.
  ///
  /// @throws IllegalArgumentException if it has none
  public Channels channels(String wanted) {
    Channels channels = reach.channels();
    if (channels == null) {
      throw new IllegalArgumentException(
          "channel " + wanted + " is of another app; declare it with app.channel(...)");
    }
    return channels;
  }

  /// Sends a value to a channel, which is no effect; waits while that is full.
  ///
  /// @throws dev.gretchen.engine.EventAbandoned if the task has ended meanwhile
  /// @throws DeadlinePassed if the event's time is up
  public void toChannel(String channel, Object value) {
    Duration left = waiting.timeLeft().orElse(null);
    if (!channels(channel).required(channel).send(value, left, whileOurs)) {
      throw new DeadlinePassed(Waiting.place(source()));
    }
  }

  /// A table of the event's task.
  ///
  /// @throws IllegalStateException if no agent of the topic declared it, or the task has ended:
  ///   what a handler would still read and write there is nobody's any more
  public EventTable table(String name) {
    if (ended) {
      throw new IllegalStateException(
          "table "
              + name
              + ": this worker no longer holds the event's partition, or the worker has stopped; the event is"
              + " handled by whoever holds it now, and nothing of this attempt counts");
    }
    // nearly all handlers ask for one table, under the very name that was declared
    @SuppressWarnings("ReferenceEquality")
    boolean isSame = name == lastName;
    EventTable table = isSame ? lastTable : tables.get(name);
    lastName = name;
    lastTable = table;
    if (table == null) {
      throw new IllegalStateException(
          "table "
              + name
              + " is not declared for agents of topic "
              + source().topic()
              + "; declare it with app.agent(...).uses(...), so that its partitions follow the topic's");
    }
    return table;
  }

  /// The worker's copy of a global table.
  ///
  /// @throws IllegalStateException if it is of another app
  public GlobalCopy global(String name) {
    GlobalCopy copy = reach.globals().apply(name);
    if (copy == null) {
      throw new IllegalStateException(
          "global table "
              + name
              + " is not one of this app's; declare it with app.globalTable(...)");
    }
    return copy;
  }

  /// Waits in a handler.
  ///
  /// @throws dev.gretchen.engine.EventAbandoned if the task has ended meanwhile
  /// @throws DeadlinePassed if the event's time is up
  public void sleep(Duration length) {
    waiting.sleep(length, () -> ended, source());
  }

  /// How long the event may still take; empty where nothing limits it.
  public Optional<Duration> timeLeft() {
    return waiting.timeLeft();
  }

  /// Runs what one event of the batch at hand causes.
  ///
  /// @throws IllegalStateException if it is none of them
  public void causing(ConsumerRecord<byte[], byte[]> event, Runnable effects) {
    ConsumerRecord<byte[], byte[]> before = source();
    if (batch.isEmpty() && event == before) {
      effects.run();
      return;
    }
    long streamTimeBefore = streamTime;
    boolean causingBefore = causing;
    for (Lanes.Admitted member : batch) {
      if (member.source() == event) {
        at(event, member.streamTime());
        causing = true;
        try {
          effects.run();
        } finally {
          at(before, streamTimeBefore);
          causing = causingBefore;
        }
        return;
      }
    }
    throw new IllegalStateException(
        "the event at "
            + Waiting.place(event)
            + " is not handled here, but that at "
            + Waiting.place(before)
            + "; an event causes something in its own handler only");
  }

  /// Whether one event of a batch is named as the cause of what happens now.
  boolean isCausing() {
    return causing;
  }

  /// Notes the event's key as it was decoded.
  public void decoded(@Nullable Object decodedKey, Codec<?> by) {
    key = decodedKey;
    keyCodec = by;
  }

  /// The bytes of a key. Where it is the very key of the event, and the codec writes the bytes that
  /// it has read, they are there already.
  public <K> byte[] encoded(K wanted, Codec<K> codec) {
    ConsumerRecord<byte[], byte[]> record = source;
    return wanted == key && codec == keyCodec && codec.isOneToOne() && record != null
        ? record.key()
        : codec.encode(wanted);
  }

  public long timestamp() {
    return source().timestamp();
  }

  /// The highest timestamp of the partition so far, this event's included.
  public long streamTime() {
    return streamTime;
  }

  /// The event time by which windows of a table are told.
  ///
  /// @throws IllegalArgumentException if the event has none
  public long windowTime(String table) {
    long time = timestamp();
    if (time < 0) {
      throw new IllegalArgumentException(
          "table "
              + table
              + ": the event at "
              + Waiting.place(source())
              + " has no timestamp, or one before 1970, and so belongs to no window; have its producer give it one, or"
              + " give the topic an EventTime that reads it from the event");
    }
    return time;
  }

  /// The worker's clock, in epoch milliseconds.
  public long clockMillis() {
    return waiting.clockMillis();
  }

  public void late(String table) {
    late.count(table);
  }

  /// Stages the event as it came, because it is late.
  ///
  /// @param windows that it missed
  public void sendLate(String topic, String table, String windows) {
    ConsumerRecord<byte[], byte[]> event = source();
    byte[] keyBytes = event.key();
    Headers headers = carried();
    headers.add(LATE_TABLE, table.getBytes(StandardCharsets.UTF_8));
    headers.add(LATE_WINDOWS, windows.getBytes(StandardCharsets.UTF_8));
    requireSendable(topic, keyBytes == null ? NO_KEY : keyBytes, event.value());
    sent.add(
        new Output(topic, -1, keyBytes, event.value(), event.timestamp(), headers, event.offset()));
  }

  void add(String name, EventTable table) {
    tables.put(name, table);
    allTables.add(table);
  }

  /// The task has ended, maybe under a handler that goes on. Any thread.
  void end() {
    ended = true;
    whileOurs.end();
  }

  Runnable inScope(Runnable activation) {
    return () -> ScopedValue.where(SCOPE, this).run(activation);
  }

  void enter(ConsumerRecord<byte[], byte[]> record, long streamTimeNow) {
    at(record, streamTimeNow);
  }

  /// Several events begin together, and the last of them stands for all.
  void enter(List<Lanes.Admitted> events) {
    Lanes.Admitted last = events.getLast();
    at(last.source(), last.streamTime());
    batch = events;
  }

  private void at(ConsumerRecord<byte[], byte[]> record, long streamTimeNow) {
    source = record;
    passedOn = null;
    key = null;
    streamTime = streamTimeNow;
  }

  void leave() {
    source = null;
    batch = List.of();
    key = null;
    discard();
  }

  /// Forgets what the event has sent and written.
  void discard() {
    sent.clear();
    asker.clear();
    for (int i = 0; i < allTables.size(); i++) {
      allTables.get(i).discardWritten();
    }
  }

  List<Output> sent() {
    return sent;
  }

  ConsumerRecord<byte[], byte[]> source() {
    ConsumerRecord<byte[], byte[]> record = source;
    if (record == null) {
      throw new IllegalStateException("no event is being handled");
    }
    return record;
  }

  void requireSendable(String where, byte[] key, byte @Nullable [] value) {
    requireSendable(
        where,
        key,
        value,
        recordBytesMax,
        new TaskId(source().topic(), source().partition()),
        source().offset());
  }

  static void requireSendable(
      String where,
      byte[] key,
      byte @Nullable [] value,
      int recordBytesMax,
      TaskId task,
      long offset) {
    int size = key.length + (value == null ? 0 : value.length);
    if (size > recordBytesMax) {
      throw new EffectTooLarge(
          where
              + ": a record of "
              + size
              + " bytes from the event at "
              + task
              + "@"
              + offset
              + " is larger than the "
              + recordBytesMax
              + " bytes that may be sent; make it smaller, or raise max.request.size and the topic's max.message.bytes");
    }
  }

  /// All headers of the event but the engine's own, for one that goes on as it came; a question
  /// that goes on is none any more, since it has its answer from where it came.
  private Headers carried() {
    Headers headers = new RecordHeaders();
    for (Header header : source().headers()) {
      if (!header.key().equals(Lineage.HEADER) && !CallHeaders.isOfCall(header.key())) {
        // once it was asked for its value, it no longer holds all that was fetched with it
        var _ = header.value();
        headers.add(header);
      }
    }
    return headers;
  }

  private Headers passedOn() {
    Headers headers = passedOn;
    if (headers == null) {
      headers = new RecordHeaders();
      Header id = eventId();
      if (id != null) {
        headers.add(id);
      }
      passedOn = headers;
    }
    return headers;
  }

  /// The header with the event's id, as all that it causes hands it on; null if it has none. What
  /// waits for a commit may hold it: once its value was asked for, it no longer holds all that was
  /// fetched with it.
  @Nullable Header eventId() {
    Header id = source().headers().lastHeader(Event.ID_HEADER);
    if (id != null) {
      var _ = id.value();
    }
    return id;
  }
}
