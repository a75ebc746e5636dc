package dev.gretchen.verifier.contract;

/// The two hashes of the contract, on 64-bit integers that wrap.
///
/// `mix` is the finaliser of SplitMix64 (Steele, Lea, Flood 2014, variant 13 of Stafford); it is a
/// bijection, and [#unmix] is its inverse. That is what lets a checker *name* an event: a tally
/// that lacks one event lacks exactly `mix(id)` in its fingerprint.
public final class Mix {

  private static final long M1 = 0xbf58476d1ce4e5b9L;
  private static final long M2 = 0x94d049bb133111ebL;
  private static final long M1_INVERSE = inverse(M1);
  private static final long M2_INVERSE = inverse(M2);
  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Mix() {}

  /// The contract's mixing function.
  public static long mix(long x) {
    x ^= x >>> 30;
    x *= M1;
    x ^= x >>> 27;
    x *= M2;
    return x ^ (x >>> 31);
  }

  /// The inverse: `unmix(mix(x)) == x` for all x.
  public static long unmix(long y) {
    y = y ^ (y >>> 31) ^ (y >>> 62);
    y *= M2_INVERSE;
    y = y ^ (y >>> 27) ^ (y >>> 54);
    y *= M1_INVERSE;
    return y ^ (y >>> 30) ^ (y >>> 60);
  }

  /// One record's share in the checksum of a table partition: `mix(fnv1a(len4(key) ++ key ++
  /// value))`. The checksum is the wrapping sum over all data records, so order does not matter.
  ///
  /// @param key the changelog key with its tag
  public static long recordChecksum(byte[] key, byte[] value) {
    long hash = FNV_BASIS;
    for (int shift = 24; shift >= 0; shift -= 8) {
      hash = (hash ^ ((key.length >>> shift) & 0xff)) * FNV_PRIME;
    }
    return mix(fnv1a(fnv1a(hash, key), value));
  }

  /// 64-bit FNV-1a of some bytes.
  public static long fnv1a(byte[] bytes) {
    return fnv1a(FNV_BASIS, bytes);
  }

  private static long fnv1a(long hash, byte[] bytes) {
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  /// Newton's iteration for the inverse of an odd number modulo 2^64; five steps give 64 bits.
  private static long inverse(long odd) {
    long x = odd;
    for (int i = 0; i < 5; i++) {
      x *= 2 - odd * x;
    }
    return x;
  }
}
