package dev.gretchen.verifier.load;

import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.LoadKind;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.contract.Palette;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/// The load as a pure function from an index to an event; nothing of it is ever stored.
///
/// **Identity.** `id = mix(index + mix(seed))`. Both steps are bijections of the 64-bit integers,
/// so ids are unique by construction and [#indexOf] inverts them: a judge that meets an id in any
/// topic knows which event it was, or that it was none.
///
/// **Content.** Words, of which about [#COLORS_PERCENT] % are colours ([Words]), orders and queries
/// ([OrderBook]), or page views ([Views]).
///
/// **Time.** Event time starts at a moment that the seed fixes (so that windows are cut at
/// different places for different seeds, and at the same for the same), advances by 1/rate, and
/// steps back by up to [#DISORDER_MAX] for [#DISORDER_PERCENT] % of the events (page views have
/// delays of their own). It lies in the past: brokers refuse timestamps of the future, and topics
/// must be set to keep old ones (`retention.ms=-1`).
///
/// Immutable, any thread.
public final class LoadPlan {

  /// Share of events that are colours of the palette.
  public static final int COLORS_PERCENT = 80;

  /// Share of events whose time steps back.
  public static final int DISORDER_PERCENT = 10;

  /// By how much it steps back at the most.
  public static final Duration DISORDER_MAX = Duration.ofSeconds(5);

  private static final long EPOCH = Instant.parse("2025-01-01T00:00:00Z").toEpochMilli();
  private static final long EPOCH_SPREAD_MILLIS = Duration.ofDays(30).toMillis();
  private final LoadShape shape;
  private final LoadContent content;
  private final long idKey;
  private final long start;
  private final long count;

  /// A plan of words.
  public LoadPlan(LoadShape shape) {
    this(shape, LoadKind.WORDS);
  }

  /// A plan of a kind.
  public LoadPlan(LoadShape shape, LoadKind kind) {
    this.shape = shape;
    this.idKey = Mix.mix(shape.seed());
    this.start = EPOCH + Long.remainderUnsigned(Mix.mix(idKey), EPOCH_SPREAD_MILLIS);
    this.count = Math.max(1, (long) (shape.rate() * (shape.length().toMillis() / 1000.0)));
    List<String> names = List.copyOf(Palette.parse(shape.palette()).colors());
    this.content =
        switch (kind) {
          case WORDS -> new Words(names, shape.partitions(), shape.skew());
          case ORDERS ->
              new OrderBook(
                  names,
                  shape.partitions(),
                  shape.skew(),
                  new Market(idKey, start, shape.length()),
                  new Library(idKey));
          case VIEWS -> new Views(shape.rate(), shape.partitions(), shape.skew());
        };
  }

  /// The orders, where it is a plan of orders.
  public OrderBook orders() {
    if (content instanceof OrderBook book) {
      return book;
    }
    throw new IllegalStateException("this load holds words, not orders");
  }

  /// The parameters that it is made of.
  public LoadShape shape() {
    return shape;
  }

  /// How many events there are.
  public long count() {
    return count;
  }

  /// The colours, as accepted by a filter; the symbols of orders.
  public List<String> colors() {
    return content.acceptedKeys();
  }

  /// The id of the event at an index.
  public long id(long index) {
    return Mix.mix(index + idKey);
  }

  /// The index of an id, -1 where it is of no event of this load.
  public long indexOf(long id) {
    long index = Mix.unmix(id) - idKey;
    return index >= 0 && index < count ? index : -1;
  }

  /// The event at an index.
  ///
  /// @throws IndexOutOfBoundsException outside of 0 to [#count]
  public LoadEvent event(long index) {
    if (index < 0 || index >= count) {
      throw new IndexOutOfBoundsException("event " + index + " of " + count);
    }
    long id = id(index);
    int key = content.keyNumber(id);
    return new LoadEvent(
        index, id, content.partition(key), content.key(key), value(id), time(index, id));
  }

  /// The input partition of an id of this load; beyond the partitions of the first topic they are
  /// those of the next.
  public int partitionOf(long id) {
    return content.partition(content.keyNumber(id));
  }

  /// Whether the event of an id is a colour of the palette, or an order that can be enriched.
  public boolean isColor(long id) {
    return content.isAccepted(id);
  }

  /// The value of the event of an id; the array is shared and must not be changed.
  public byte[] value(long id) {
    return content.value(id);
  }

  /// The event time of the event at an index, epoch milliseconds.
  public long time(long index, long id) {
    return start + (long) (index * 1000.0 / shape.rate()) - content.delayMillis(id);
  }

  /// When an event is due, in milliseconds after the start of the load.
  public double dueMillis(long index) {
    return index * 1000.0 / shape.rate();
  }

  /// A hash (hex16) over all events; equal for equal seed and shape. Costs one pass over the load.
  public String loadHash() {
    long hash = 0xcbf29ce484222325L;
    for (long index = 0; index < count; index++) {
      long id = id(index);
      hash =
          Mix.mix(hash ^ id)
              + Arrays.hashCode(value(id))
              + time(index, id) * 31
              + content.keyNumber(id);
    }
    return Hex16.of(hash);
  }
}
