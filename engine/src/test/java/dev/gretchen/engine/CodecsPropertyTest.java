package dev.gretchen.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class CodecsPropertyTest {

  private static final List<Codec<?>> SHIPPED =
      List.of(
          Codecs.utf8(),
          Codecs.bytes(),
          Codecs.int64(),
          Codecs.orderedInt64(),
          Codecs.json(String.class));

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
    assertThat(SHIPPED).map(Codec::isOneToOne).containsExactly(true, true, true, true, false);
  }

  @Property
  void integersGoThereAndBack(@ForAll long value) {
    assertThat(Codecs.int64().decode(Codecs.int64().encode(value))).isEqualTo(value);
    assertThat(Codecs.orderedInt64().decode(Codecs.orderedInt64().encode(value))).isEqualTo(value);
  }

  @Property
  void bytesAreInTheOrderOfTheNumbersWhereThatIsSaid(@ForAll long one, @ForAll long other) {
    assertThat(order(Codecs.orderedInt64(), one, other))
        .isEqualTo(Integer.signum(Long.compare(one, other)));
  }

  @Property
  void bytesOfTextAreInTheOrderOfItsCodePoints(
      @ForAll("texts") String one, @ForAll("texts") String other) {
    assertThat(order(Codecs.utf8(), one, other))
        .isEqualTo(
            Integer.signum(
                Arrays.compare(one.codePoints().toArray(), other.codePoints().toArray())));
  }

  /// With characters beyond 16 bits, which Java itself orders otherwise.
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.integers()
        .between(0, Character.MAX_CODE_POINT)
        .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
        .list()
        .ofMaxSize(4)
        .map(points ->
            points.stream().map(point -> Character.toString(point)).collect(Collectors.joining()));
  }

  private static <T> int order(Codec<T> codec, T one, T other) {
    return Integer.signum(Arrays.compareUnsigned(codec.encode(one), codec.encode(other)));
  }

  /// A record with what JSON has to spell out.
  record Order(String article, long quantity, List<String> notes, Optional<String> voucher) {}

  @Property
  void recordsGoThereAndBackAsJson(
      @ForAll("texts") String article,
      @ForAll long quantity,
      @ForAll @Size(max = 3) List<@From("texts") String> notes) {
    Codec<Order> codec = Codecs.json(Order.class);
    Optional<String> voucher = notes.stream().findFirst();
    Order order = new Order(article, quantity, notes, voucher);
    assertThat(codec.decode(codec.encode(order))).isEqualTo(order);
  }

  @Property(tries = 1)
  void aFieldThatARecordDoesNotHaveIsPassedOver() {
    assertThat(
            Codecs.json(Order.class)
                .decode(
                    "{\"article\":\"ink\",\"quantity\":1,\"notes\":[],\"colour\":\"red\"}"
                        .getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(new Order("ink", 1, List.of(), Optional.empty()));
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
