package dev.gretchen.engine.internal.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class KeyRangeTest {

  @Property(tries = 500)
  void aPrefixHasTheKeysThatBeginWithItAndNoOthers(
      @ForAll @Size(max = 3) byte[] prefix, @ForAll @Size(max = 5) byte[] key) {
    boolean begins =
        key.length >= prefix.length
            && Arrays.equals(prefix, 0, prefix.length, key, 0, prefix.length);

    assertThat(KeyRange.prefixed(prefix).contains(StoreKeys.plain(key))).isEqualTo(begins);
  }

  @Property(tries = 500)
  void aRangeHasWhatLiesFromItsFirstKeyToBeforeItsSecond(
      @ForAll @Size(max = 2) byte[] from,
      @ForAll @Size(max = 2) byte[] to,
      @ForAll @Size(max = 3) byte[] key) {
    KeyRange range = KeyRange.between(from, to);

    assertThat(range.contains(StoreKeys.plain(key)))
        .isEqualTo(Arrays.compareUnsigned(from, key) <= 0 && Arrays.compareUnsigned(key, to) < 0);
    assertThat(range.isEmpty()).isEqualTo(Arrays.compareUnsigned(from, to) >= 0);
  }

  @Property(tries = 50)
  void theHighestBytesHaveSomethingBehindThem(@ForAll @Size(max = 4) byte[] end) {
    byte[] highest = new byte[end.length + 1];
    Arrays.fill(highest, (byte) 0xff);

    assertThat(KeyRange.prefixed(highest).contains(StoreKeys.plain(highest))).isTrue();
    assertThat(KeyRange.prefixed(highest).contains(StoreKeys.plain(new byte[] {1}))).isFalse();
  }
}
