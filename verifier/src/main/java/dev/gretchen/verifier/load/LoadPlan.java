package dev.gretchen.verifier.load;

import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.contract.Palette;
import java.nio.charset.StandardCharsets;
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
/// **Content.** About [#COLORS_PERCENT] % of the events are colours of the palette, uniform or by
/// Zipf's law; the rest are words outside of it, half of them a colour with a suffix, so that a
/// filter that compares prefixes is found out. The key is a speaker; a speaker always speaks on one
/// partition.
///
/// **Time.** Event time starts at a moment that the seed fixes (so that windows are cut at
/// different places for different seeds, and at the same for the same), advances by 1/rate, and
/// steps back by up to [#DISORDER_MAX] for [#DISORDER_PERCENT] % of the events. It lies in the
/// past: brokers refuse timestamps of the future, and topics must be set to keep old ones
/// (`retention.ms=-1`).
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
  private static final int SPEAKERS_PER_PARTITION = 64;
  private static final int NOISE_WORDS = 500;

  private final LoadShape shape;
  private final List<String> words;
  private final byte[][] colors;
  private final byte[][] noise;
  private final byte[][] speakers;
  private final double[] zipf;
  private final long idKey;
  private final long start;
  private final long count;

  /// A plan of a shape.
  public LoadPlan(LoadShape shape) {
    this.shape = shape;
    this.words = List.copyOf(Palette.parse(shape.palette()).colors());
    this.colors = words.stream().map(LoadPlan::utf8).toArray(byte[][]::new);
    this.noise = noise(words);
    this.speakers = new byte[SPEAKERS_PER_PARTITION * shape.partitions()][];
    Arrays.setAll(speakers, i -> utf8("s" + i));
    this.zipf = shape.skew() == 0 ? new double[0] : zipf(colors.length, shape.skew());
    this.idKey = Mix.mix(shape.seed());
    this.start = EPOCH + Long.remainderUnsigned(Mix.mix(idKey), EPOCH_SPREAD_MILLIS);
    this.count = Math.max(1, (long) (shape.rate() * (shape.length().toMillis() / 1000.0)));
  }

  /// The parameters that it is made of.
  public LoadShape shape() {
    return shape;
  }

  /// How many events there are.
  public long count() {
    return count;
  }

  /// The colours, as accepted by a filter.
  public List<String> colors() {
    return words;
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
    int speaker = speaker(id);
    return new LoadEvent(
        index, id, speaker % shape.partitions(), speakers[speaker], value(id), time(index, id));
  }

  /// The input partition of an id of this load.
  public int partitionOf(long id) {
    return speaker(id) % shape.partitions();
  }

  /// Whether the event of an id is a colour of the palette.
  public boolean isColor(long id) {
    return below(chance(id, 2), 100) < COLORS_PERCENT;
  }

  /// The value of the event of an id; the array is shared and must not be changed.
  public byte[] value(long id) {
    long chance = chance(id, 3);
    if (!isColor(id)) {
      return noise[below(chance, noise.length)];
    }
    if (zipf.length == 0) {
      return colors[below(chance, colors.length)];
    }
    int at = Arrays.binarySearch(zipf, (chance >>> 11) * 0x1.0p-53);
    return colors[Math.min(at < 0 ? -at - 1 : at, colors.length - 1)];
  }

  /// The event time of the event at an index, epoch milliseconds.
  public long time(long index, long id) {
    long time = start + (long) (index * 1000.0 / shape.rate());
    long chance = chance(id, 4);
    boolean late = below(chance, 100) < DISORDER_PERCENT;
    return late ? time - 1 - below(Mix.mix(chance), (int) DISORDER_MAX.toMillis()) : time;
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
      hash = Mix.mix(hash ^ id) + Arrays.hashCode(value(id)) + time(index, id) * 31 + speaker(id);
    }
    return Hex16.of(hash);
  }

  private int speaker(long id) {
    return below(chance(id, 1), speakers.length);
  }

  /// An independent stream of chance for each use of an id.
  private static long chance(long id, int use) {
    return Mix.mix(id + use * 0x9e3779b97f4a7c15L);
  }

  private static int below(long chance, int bound) {
    return (int) (((chance >>> 32) * bound) >>> 32);
  }

  private static byte[][] noise(List<String> words) {
    byte[][] noise = new byte[NOISE_WORDS][];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = utf8(i % 2 == 0 ? "word-" + i : words.get(i % words.size()) + "ish");
    }
    return noise;
  }

  private static double[] zipf(int size, double skew) {
    double[] cumulative = new double[size];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += 1 / Math.pow(i + 1, skew);
      cumulative[i] = sum;
    }
    for (int i = 0; i < size; i++) {
      cumulative[i] /= sum;
    }
    return cumulative;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
