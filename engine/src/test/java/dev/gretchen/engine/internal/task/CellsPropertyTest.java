package dev.gretchen.engine.internal.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.internal.store.ByteKey;
import dev.gretchen.engine.internal.store.StoreKeys;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class CellsPropertyTest {

  /// Long enough that what lies between a key's first and last eight bytes counts.
  private static final int LENGTH_MAX = 40;

  @Property(tries = 200)
  void findsWhatAMapOfWholeKeysWouldFind(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Cells cells = new Cells();
    Map<ByteKey, Cell> model = new HashMap<>();
    for (int step = 0; step < 1_000; step++) {
      byte[] key = key(random);
      long window = random.nextLong(-1, 2);
      boolean isWindowed = random.nextBoolean();
      ByteKey stored = isWindowed ? StoreKeys.windowed(window, key) : StoreKeys.plain(key);
      Cell expected = model.get(stored);
      assertThat(isWindowed ? cells.find(window, key) : cells.find(key)).isSameAs(expected);
      assertThat(cells.find(new ByteKey(stored.bytes().clone()))).isSameAs(expected);
      if (expected == null) {
        Cell made = new Cell(stored);
        cells.add(made);
        model.put(stored, made);
      } else if (random.nextInt(4) == 0) {
        cells.remove(expected);
        model.remove(stored);
      }
      if (random.nextInt(100) == 0) {
        removeEveryThird(cells, model);
      }
      assertThat(cells.size()).isEqualTo(model.size());
    }
    model.forEach((key, cell) -> assertThat(cells.find(key)).isSameAs(cell));
  }

  private static void removeEveryThird(Cells cells, Map<ByteKey, Cell> model) {
    Set<Cell> asked = new HashSet<>();
    cells.removeIf(cell -> {
      assertThat(asked.add(cell)).isTrue();
      if (asked.size() % 3 == 0) {
        model.remove(cell.key);
        return true;
      }
      return false;
    });
  }

  /// Mostly zeros, with a bit somewhere: keys differ in few places, in length alone too.
  private static byte[] key(SplittableRandom random) {
    byte[] key = new byte[random.nextInt(LENGTH_MAX)];
    if (key.length > 0) {
      key[random.nextInt(key.length)] = (byte) (random.nextInt(4) << 6);
    }
    return key;
  }
}
