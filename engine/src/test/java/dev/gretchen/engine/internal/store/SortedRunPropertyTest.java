package dev.gretchen.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/// A sorted run beside a sorted map.
class SortedRunPropertyTest {

  private static final byte[] POSITION = {42};

  record Entry(List<Byte> key, @Nullable Integer valueLength) {}

  /// Keys of one head, so that many agree in the bytes that are sorted as a number, and end or
  /// differ at any place behind them; zeros and negative bytes among them.
  @Provide
  Arbitrary<List<Entry>> entries() {
    Arbitrary<Byte> few = Arbitraries.of((byte) 0, (byte) 1, (byte) 'a', (byte) -1);
    Arbitrary<List<Byte>> tail = few.list().ofMaxSize(9);
    Arbitrary<List<Byte>> head =
        Arbitraries.of(List.of(), List.of((byte) 'h', (byte) 'e', (byte) 'a', (byte) 'd'));
    Arbitrary<Byte> tag =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(9, Arbitraries.just(StoreKeys.PLAIN)),
            net.jqwik.api.Tuple.of(1, Arbitraries.just(StoreKeys.RESERVED)));
    Arbitrary<List<Byte>> keys =
        Combinators.combine(tag, head, tail)
            .as((first, middle, last) -> {
              List<Byte> key = new ArrayList<>(List.of(first));
              key.addAll(middle);
              key.addAll(last);
              return key;
            });
    Arbitrary<@Nullable Integer> lengths = Arbitraries.integers().between(0, 30).injectNull(0.2);
    return Combinators.combine(keys, lengths).as(Entry::new).list().ofMaxSize(300);
  }

  @Property(tries = 300)
  void holdsTheLastChangeOfEachKeyInTheOrderOfKeys(@ForAll("entries") List<Entry> entries)
      throws RocksDBException {
    try (SortedRun run = new SortedRun()) {
      // a second time on the same memory
      for (int time = 0; time < 2; time++) {
        TreeMap<ByteKey, String> expected = new TreeMap<>();
        for (int i = 0; i < entries.size(); i++) {
          byte[] key = bytes(entries.get(i).key());
          Integer length = entries.get(i).valueLength();
          byte[] value = length == null ? null : new byte[length];
          if (value != null) {
            Arrays.fill(value, (byte) i);
          }
          run.add(key, value);
          expected.put(new ByteKey(key), Arrays.toString(value));
        }
        expected.put(StoreKeys.POSITION, Arrays.toString(POSITION));

        assertThat(drained(run)).containsExactlyElementsOf(List.copyOf(expected.entrySet()));
        assertThat(run.bytes()).isZero();
      }
    }
  }

  @Property(tries = 20)
  void growsWithWhatItIsGiven(@ForAll("sizes") List<Integer> sizes) throws RocksDBException {
    try (SortedRun run = new SortedRun()) {
      for (int i = 0; i < sizes.size(); i++) {
        run.add(StoreKeys.plain(new byte[] {(byte) i}).bytes(), new byte[sizes.get(i)]);
      }
      List<Map.Entry<ByteKey, String>> drained = drained(run);
      for (int i = 0; i < sizes.size(); i++) {
        // "[0, 0, 0]" has three characters a byte
        assertThat(drained.get(i + 1).getValue().length()).isEqualTo(Math.max(2, 3 * sizes.get(i)));
      }
    }
  }

  @Provide
  Arbitrary<List<Integer>> sizes() {
    return Arbitraries.integers().between(0, 2 << 20).list().ofMaxSize(4);
  }

  private static List<Map.Entry<ByteKey, String>> drained(SortedRun run) throws RocksDBException {
    List<Map.Entry<ByteKey, String>> drained = new ArrayList<>();
    run.drain(
        StoreKeys.POSITION,
        POSITION,
        new SortedRun.Visitor() {
          @Override
          public void put(ByteBuffer key, ByteBuffer value) {
            drained.add(Map.entry(new ByteKey(taken(key)), Arrays.toString(taken(value))));
          }

          @Override
          public void delete(byte[] key) {
            drained.add(Map.entry(new ByteKey(key), "null"));
          }
        });
    return drained;
  }

  private static byte[] taken(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static byte[] bytes(List<Byte> list) {
    byte[] bytes = new byte[list.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = list.get(i);
    }
    return bytes;
  }
}
