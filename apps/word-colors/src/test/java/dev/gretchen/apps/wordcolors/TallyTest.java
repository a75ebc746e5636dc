package dev.gretchen.apps.wordcolors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.Codec;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TallyTest {

  private static final Codec<Tally> JSON = Tally.json();

  @Test
  void isWrittenAsTheContractSays() {
    assertThat(json(Tally.zero())).isEqualTo("{\"count\":0,\"fingerprint\":\"0000000000000000\"}");
    assertThat(json(new Tally(12, 0x00f3c1d2a4b59687L)))
        .isEqualTo("{\"count\":12,\"fingerprint\":\"00f3c1d2a4b59687\"}");
    assertThat(json(new Tally(1, -1)))
        .isEqualTo("{\"count\":1,\"fingerprint\":\"ffffffffffffffff\"}");
  }

  @Test
  void isReadBackAndRefusedWhereAPartIsMissing() {
    Tally tally = Tally.zero().plus(1).plus(-1).plus(Long.MIN_VALUE);

    assertThat(JSON.decode(JSON.encode(tally))).isEqualTo(tally);
    assertThatThrownBy(() -> read("{\"count\":1}")).isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> read("{\"fingerprint\":\"0000000000000000\"}"))
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> read("{\"count\":1,\"fingerprint\":\"xyz\"}"))
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> read("{\"count\":,\"fingerprint\":\"0000000000000000\"}"))
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> read("{\"count\":1x,\"fingerprint\":\"0000000000000000\"}"))
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> read("{\"count\":1,\"fingerprint\":\"000000000000000g\"}"))
        .hasMessageContaining("expected a tally such as");
  }

  @Property(tries = 300)
  void isWrittenAsAGeneralWriterWouldAndReadBack(
      @ForAll @LongRange(min = 0) long count, @ForAll long mixed) {
    Tally tally = new Tally(count, mixed);

    assertThat(json(tally))
        .isEqualTo("{\"count\":%d,\"fingerprint\":\"%016x\"}".formatted(count, mixed));
    assertThat(read(json(tally))).isEqualTo(tally);
  }

  @Property(tries = 300)
  void sumsTheMixedIdsAsTheContractDefinesThem(@ForAll List<Long> ids) {
    Tally tally = Tally.zero();
    BigInteger sum = BigInteger.ZERO;
    for (long id : ids) {
      tally = tally.plus(id);
      sum = sum.add(mix(id));
    }
    assertThat(tally.count()).isEqualTo(ids.size());
    assertThat(tally.mixed()).isEqualTo(sum.longValue());
  }

  /// The finaliser of SplitMix64 as the contract page writes it, without 64-bit arithmetic.
  private static BigInteger mix(long id) {
    BigInteger modulus = BigInteger.ONE.shiftLeft(64);
    BigInteger x = BigInteger.valueOf(id).mod(modulus);
    x = x.xor(x.shiftRight(30));
    x = x.multiply(new BigInteger("bf58476d1ce4e5b9", 16)).mod(modulus);
    x = x.xor(x.shiftRight(27));
    x = x.multiply(new BigInteger("94d049bb133111eb", 16)).mod(modulus);
    return x.xor(x.shiftRight(31));
  }

  private static String json(Tally tally) {
    return new String(JSON.encode(tally), StandardCharsets.UTF_8);
  }

  private static Tally read(String json) {
    return JSON.decode(json.getBytes(StandardCharsets.UTF_8));
  }
}
