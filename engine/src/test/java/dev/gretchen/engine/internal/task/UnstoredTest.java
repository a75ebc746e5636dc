package dev.gretchen.engine.internal.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.internal.store.KeyRange;
import dev.gretchen.engine.internal.store.StoreKeys;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class UnstoredTest {

  private static final KeyRange ALL = KeyRange.prefixed(new byte[0]);

  private final Unstored unstored = new Unstored();

  private static Cell written(int key, long epoch) {
    Cell cell = new Cell(StoreKeys.plain(ByteBuffer.allocate(4).putInt(key).array()));
    cell.write("v" + key, null);
    cell.stage(epoch, key);
    return cell;
  }

  @Test
  void knowsWhatTheStoreDoesNot() {
    unstored.add(written(2, 1));
    unstored.add(written(1, 2));
    unstored.add(written(3, 2));

    assertThat(unstored.values(ALL, 0).values()).containsExactly("v1", "v2", "v3");
    assertThat(unstored.values(ALL, 1).values()).containsExactly("v1", "v3");
  }

  @Test
  void doesNotGrowWithTheKeysOfATableThatIsScannedNoMore() {
    int keys = 20 * Unstored.TRIM_BEYOND;
    for (int key = 0; key < keys; key++) {
      int epoch = 1 + key / 100;
      unstored.add(written(key, epoch));
      unstored.trim(epoch - 1);
    }

    assertThat(unstored.size()).isLessThanOrEqualTo(Unstored.TRIM_BEYOND + 1);
    assertThat(unstored.values(ALL, keys / 100 - 1).values())
        .as("of the last epoch, which the store does not know")
        .hasSize(100)
        .contains("v" + (keys - 1));
  }
}
