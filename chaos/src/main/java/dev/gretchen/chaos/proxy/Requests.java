package dev.gretchen.chaos.proxy;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;

/// The requests of a connection that have no response yet: a response says only the number of its
/// request. Brokers answer in order; a request without a response (`acks=0`) is skipped.
final class Requests {
  /// No request with that number is known.
  static final short UNKNOWN = -1;

  private static final int API_BITS = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Long> open = new ArrayDeque<>(); // guarded by lock

  void sent(int number, short api) {
    lock.lock();
    try {
      open.addLast(((long) number << API_BITS) | (api & 0xffff));
    } finally {
      lock.unlock();
    }
  }

  /// The API of the request with this number, which is answered now.
  short answered(int number) {
    lock.lock();
    try {
      while (true) {
        Long oldest = open.pollFirst();
        if (oldest == null) {
          return UNKNOWN;
        }
        if ((int) (oldest >> API_BITS) == number) {
          return (short) (oldest & 0xffff);
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
