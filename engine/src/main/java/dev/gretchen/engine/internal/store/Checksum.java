package dev.gretchen.engine.internal.store;

/// The checksum of a table partition that a judge compares with its own: the sum of
/// `mix(fnv1a(len4(key) ++ key ++ value))` over the data records, modulo 2^64. Commutative, so it
/// does not depend on the order of the store. (FNV-1a: Fowler, Noll, Vo; `mix`: the finaliser of
/// SplitMix64.)
public final class Checksum implements StorePartition.Visitor {

  private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private long sum;
  private long records;

  @Override
  public void visit(byte[] key, byte[] value) {
    if (!StoreKeys.isData(key)) {
      return;
    }
    long hash = OFFSET_BASIS;
    for (int shift = 24; shift >= 0; shift -= 8) {
      hash = (hash ^ (key.length >>> shift & 0xff)) * PRIME;
    }
    hash = absorb(absorb(hash, key), value);
    sum += mix(hash);
    records++;
  }

  public long sum() {
    return sum;
  }

  public long records() {
    return records;
  }

  private static long absorb(long hash, byte[] bytes) {
    for (byte b : bytes) {
      hash = (hash ^ (b & 0xff)) * PRIME;
    }
    return hash;
  }

  private static long mix(long x) {
    x = (x ^ x >>> 30) * 0xbf58476d1ce4e5b9L;
    x = (x ^ x >>> 27) * 0x94d049bb133111ebL;
    return x ^ x >>> 31;
  }
}
