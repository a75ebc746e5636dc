package dev.gretchen.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class CodecsPropertyTest {

  private static final List<Codec<?>> SHIPPED =
      List.of(Codecs.utf8(), Codecs.bytes(), Codecs.int64(), Codecs.json(String.class));

  @Property
  void givesBackTheVeryBytesWhereItSaysSo(@ForAll @Size(max = 24) byte[] bytes) {
    SHIPPED.stream().filter(Codec::isOneToOne).forEach(codec -> requireSame(codec, bytes));
  }

  @Property
  void givesBackTheVeryBytesOfText(@ForAll String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    SHIPPED.stream().filter(Codec::isOneToOne).forEach(codec -> requireSame(codec, bytes));
  }

  @Property(tries = 1)
  void saysSoOfTheSimpleOnesAlone() {
    assertThat(SHIPPED).map(Codec::isOneToOne).containsExactly(true, true, true, false);
  }

  private static <T> void requireSame(Codec<T> codec, byte[] bytes) {
    T value;
    try {
      value = codec.decode(bytes);
    } catch (IllegalArgumentException _) {
      // no value of this codec
      return;
    }
    assertThat(codec.encode(value)).isEqualTo(bytes);
  }
}
