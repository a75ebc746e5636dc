package dev.gretchen.testkit;

import dev.gretchen.engine.DeclaredTable;
import dev.gretchen.engine.SessionTable;
import dev.gretchen.engine.SetTable;
import dev.gretchen.engine.Table;
import dev.gretchen.engine.Window;
import dev.gretchen.engine.WindowedTable;
import dev.gretchen.engine.internal.store.StoreKeys;
import dev.gretchen.engine.internal.window.Session;
import dev.gretchen.engine.internal.window.SessionCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A table's committed state, over all partitions. Each call first lets the app handle everything
/// that was piped, so a view may be taken once and read again and again.
///
/// @param <K> type of the key
/// @param <V> type of the value
public final class TestTable<K, V> {

  private static final int WINDOW_HEADER = 1 + Long.BYTES;

  private final DeclaredTable<K, V> table;
  private final TypedCodec<K> keys;
  private final TypedCodec<V> values;
  private final Content content;

  /// An entry of the worker's store, as it lies there.
  @SuppressWarnings("ArrayRecordComponent")
  record Entry(int partition, byte[] key, byte[] value) {}

  /// Gives all entries of the table.
  @FunctionalInterface
  interface Content {
    List<Entry> entries();
  }

  TestTable(DeclaredTable<K, V> table, Content content) {
    this.table = table;
    this.keys = new TypedCodec<>("table " + table.name() + ": key", table.keys());
    this.values = new TypedCodec<>("table " + table.name() + ": value", table.values());
    this.content = content;
  }

  /// The value of a key; empty if there is none.
  public Optional<V> get(K key) {
    requirePlain("get(key)");
    byte[] wanted = encoded(key);
    Map<K, V> found = new LinkedHashMap<>();
    collect(found, wanted);
    return found.values().stream().findFirst();
  }

  /// All keys with their values, partition by partition.
  public Map<K, V> entries() {
    requirePlain("entries()");
    Map<K, V> found = new LinkedHashMap<>();
    collect(found, null);
    return found;
  }

  /// The key's value in the window that holds a moment, the last to begin where there are several;
  /// empty if there is none.
  public Optional<V> at(K key, Instant moment) {
    Optional<V> last = Optional.empty();
    for (Map.Entry<Window, V> stretch : stretches(key, "at(key, moment)").entrySet()) {
      if (stretch.getKey().holds(moment.toEpochMilli())) {
        last = Optional.of(stretch.getValue());
      }
    }
    return last;
  }

  /// The key's value in each window that is still kept, by the window's start.
  public NavigableMap<Instant, V> windows(K key) {
    NavigableMap<Instant, V> found = new TreeMap<>();
    stretches(key, "windows(key)")
        .forEach((window, value) -> found.put(Instant.ofEpochMilli(window.start()), value));
    return found;
  }

  /// The key's value in each window or session that is still kept, in the order of their starts.
  public SequencedMap<Window, V> stretches(K key) {
    return stretches(key, "stretches(key)");
  }

  private NavigableMap<Window, V> stretches(K key, String asked) {
    Stretch<V> stretch = stretch(asked);
    byte[] wanted = encoded(key);
    NavigableMap<Window, V> found =
        new TreeMap<>(Comparator.comparingLong(Window::start).thenComparingLong(Window::end));
    for (Entry entry : content.entries()) {
      if (entry.key()[0] == StoreKeys.WINDOWED
          && Arrays.equals(
              entry.key(), WINDOW_HEADER, entry.key().length, wanted, 0, wanted.length)) {
        putOnce(found, stretch.window(entry), key, stretch.value(entry));
      }
    }
    return found;
  }

  /// Reads an entry of a table with windows.
  private interface Stretch<V> {

    Window window(Entry entry);

    V value(Entry entry);
  }

  private Stretch<V> stretch(String asked) {
    return switch (table) {
      case WindowedTable<K, V> windowed -> new Aligned(windowed.size().toMillis());
      case SessionTable<K, V> _ -> new OfSession(new SessionCodec<>(table.values()));
      case Table<K, V> _ -> throw noWindows(asked);
      case SetTable<?, ?> _ -> throw noWindows(asked);
    };
  }

  private IllegalArgumentException noWindows(String asked) {
    return new IllegalArgumentException(
        "table "
            + table.name()
            + " has no windows, hence no "
            + asked
            + "; ask get(key) or entries()");
  }

  private final class Aligned implements Stretch<V> {

    private final long sizeMillis;

    private Aligned(long sizeMillis) {
      this.sizeMillis = sizeMillis;
    }

    @Override
    public Window window(Entry entry) {
      long start = StoreKeys.windowStart(entry.key());
      return new Window(start, start + sizeMillis);
    }

    @Override
    public V value(Entry entry) {
      return Objects.requireNonNull(values.decode(entry.value()));
    }
  }

  private final class OfSession implements Stretch<V> {

    private final SessionCodec<V> codec;

    private OfSession(SessionCodec<V> codec) {
      this.codec = codec;
    }

    @Override
    public Window window(Entry entry) {
      Session<V> session = codec.decode(entry.value());
      return new Window(session.start(), session.end());
    }

    @Override
    public V value(Entry entry) {
      return codec.decode(entry.value()).value();
    }
  }

  private void collect(Map<K, V> found, byte @Nullable [] wanted) {
    for (Entry entry : content.entries()) {
      if (entry.key()[0] == StoreKeys.PLAIN) {
        byte[] stored = Arrays.copyOfRange(entry.key(), 1, entry.key().length);
        if (wanted == null || Arrays.equals(wanted, stored)) {
          K key = Objects.requireNonNull(keys.decode(stored));
          putOnce(found, key, key, Objects.requireNonNull(values.decode(entry.value())));
        }
      }
    }
  }

  /// One key in two partitions is the classic mistake of this model, and never a value.
  private <P> void putOnce(Map<P, V> found, P place, K key, V value) {
    V other = found.put(place, value);
    if (other != null) {
      List<V> both = new ArrayList<>(List.of(other, value));
      throw new IllegalStateException(
          "table "
              + table.name()
              + ": key "
              + key
              + " has a value in two partitions: "
              + both
              + "; re-key first, so that all events of a key meet in one partition");
    }
  }

  private byte[] encoded(K key) {
    byte[] bytes = keys.encode(key);
    if (bytes == null) {
      throw new IllegalArgumentException("table " + table.name() + ": a key is never null");
    }
    return bytes;
  }

  private void requirePlain(String asked) {
    if (table instanceof WindowedTable<K, V> || table instanceof SessionTable<K, V>) {
      throw new IllegalArgumentException(
          "table "
              + table.name()
              + " is windowed and has no "
              + asked
              + "; ask at(key, moment) or windows(key)");
    }
  }

  @Override
  public String toString() {
    return "table " + table.name();
  }
}
