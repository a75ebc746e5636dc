package dev.gretchen.engine.internal.store;

import static dev.gretchen.engine.internal.fakes.TestApp.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/// Keys, positions and checksums, byte by byte as the contract page writes them.
class StoreFormatsTest {

  @Test
  void ordersKeysAsUnsignedBytesWhateverTheirLength() {
    Random random = new Random(5);
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      byte[] key = new byte[random.nextInt(12)];
      for (int at = 0; at < key.length; at++) {
        // few values, so that many keys share a prefix
        key[at] = (byte) (random.nextInt(3) - 1);
      }
      keys.add(key);
    }
    for (byte[] one : keys) {
      for (byte[] other : keys) {
        ByteKey first = new ByteKey(one);
        ByteKey second = new ByteKey(other);
        assertThat(Integer.signum(first.compareTo(second)))
            .isEqualTo(Integer.signum(Arrays.compareUnsigned(one, other)));
        assertThat(first.equals(second)).isEqualTo(Arrays.equals(one, other));
      }
    }
  }

  @Test
  void tagsKeysAsTheContractSays() {
    assertThat(StoreKeys.plain(bytes("red")).bytes()).isEqualTo(hex("01726564"));
    assertThat(StoreKeys.windowed(60_000, bytes("red")).bytes())
        .isEqualTo(hex("02000000000000ea60726564"));
    assertThat(StoreKeys.windowStart(StoreKeys.windowed(-60_000, bytes("red")).bytes()))
        .isEqualTo(-60_000);
    assertThat(List.of(StoreKeys.STREAM_TIME, StoreKeys.POSITION))
        .allSatisfy(key -> assertThat(key.bytes()[0]).isZero());
    assertThat(StoreKeys.STREAM_TIME).isNotEqualTo(StoreKeys.POSITION);
  }

  @Test
  void ordersKeysAsUnsignedBytesAndWindowsByStart() {
    assertThat(StoreKeys.windowed(255, bytes("a"))).isLessThan(StoreKeys.windowed(256, bytes("a")));
    assertThat(StoreKeys.windowed(1, new byte[] {(byte) 0xff}))
        .isLessThan(StoreKeys.windowed(2, bytes("")))
        .isGreaterThan(StoreKeys.windowed(1, new byte[] {0x7f}));
    assertThat(new ByteKey(bytes("a"))).isEqualTo(new ByteKey(bytes("a"))).isNotEqualTo(null);
  }

  @Test
  void readsAPositionBackAndRefusesForeignBytes() {
    Position position = new Position(new Uuid(-5, 7), 4711, 1_700_000_000_000L);

    assertThat(Position.decode(position.encode())).isEqualTo(position);
    assertThat(position.caughtUpAt(9)).isEqualTo(new Position(new Uuid(-5, 7), 4711, 9));
    byte[] otherVersion = position.encode();
    otherVersion[0] = 2;
    assertThatThrownBy(() -> Position.decode(otherVersion)).hasMessageContaining("version 1");
    assertThatThrownBy(() -> Position.decode(new byte[3])).hasMessageContaining("3 bytes");
  }

  @Test
  void knowsTheChecksumOfNothing() {
    assertThat(checksumOf(Map.of()).sum()).isZero();
    assertThat(checksumOf(Map.of()).records()).isZero();
  }

  @Test
  void computesAKnownChecksum() {
    // worked out with arbitrary-precision integers, outside this code base
    Checksum checksum =
        checksumOf(
            Map.of(
                StoreKeys.plain(bytes("red")), bytes("{\"count\":1}"),
                StoreKeys.windowed(60_000, bytes("blue")), bytes("x")));

    assertThat(HexFormat.of().toHexDigits(checksum.sum())).isEqualTo("be0db9af9bb91f4f");
    assertThat(checksum.records()).isEqualTo(2);
  }

  @Test
  void leavesReservedRecordsOutOfTheChecksum() {
    assertThat(checksumOf(Map.of(StoreKeys.POSITION, new Position(Uuid.ZERO_UUID, 1, 1).encode())))
        .extracting(Checksum::sum, Checksum::records)
        .containsExactly(0L, 0L);
  }

  @Property(tries = 200)
  void agreesWithTheFormulaOfTheContract(
      @ForAll byte[] firstKey, @ForAll byte[] firstValue, @ForAll byte[] secondValue) {
    byte[] key = StoreKeys.plain(firstKey).bytes();
    byte[] other = StoreKeys.windowed(firstKey.length, firstKey).bytes();
    Checksum checksum = new Checksum();
    checksum.visit(key, firstValue);
    checksum.visit(other, secondValue);

    assertThat(checksum.sum())
        .isEqualTo(formula(key, firstValue).add(formula(other, secondValue)).longValue());
  }

  private static Checksum checksumOf(Map<ByteKey, byte[]> entries) {
    Checksum checksum = new Checksum();
    entries.forEach((key, value) -> checksum.visit(key.bytes(), value));
    return checksum;
  }

  /// `mix(fnv1a(len4(key) ++ key ++ value))`, step by step as written, without 64-bit arithmetic.
  private static BigInteger formula(byte[] key, byte[] value) {
    BigInteger modulus = BigInteger.ONE.shiftLeft(64);
    BigInteger hash = new BigInteger("cbf29ce484222325", 16);
    BigInteger prime = new BigInteger("100000001b3", 16);
    byte[] all =
        ByteBuffer.allocate(4 + key.length + value.length)
            .putInt(key.length)
            .put(key)
            .put(value)
            .array();
    for (byte b : all) {
      hash = hash.xor(BigInteger.valueOf(b & 0xff)).multiply(prime).mod(modulus);
    }
    BigInteger x = hash.xor(hash.shiftRight(30));
    x = x.multiply(new BigInteger("bf58476d1ce4e5b9", 16)).mod(modulus);
    x = x.xor(x.shiftRight(27));
    x = x.multiply(new BigInteger("94d049bb133111eb", 16)).mod(modulus);
    return x.xor(x.shiftRight(31));
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
