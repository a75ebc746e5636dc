package dev.gretchen.chaos.proxy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// A rule while it is in force on a link, and what it has done so far: the proof of its effect.
///
/// Closing lifts it. Any thread.
public final class InForce implements AutoCloseable {
  /// So many effects are kept as sentences; the rest is counted.
  static final int NOTES_MAX = 8;

  private final Link link;
  private final Rule rule;
  private final Set<Integer> brokers;
  private final AtomicInteger seen = new AtomicInteger();
  private final LongAdder effects = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final List<String> notes = new CopyOnWriteArrayList<>();
  private final CountDownLatch effective = new CountDownLatch(1);
  private final CountDownLatch passage = new CountDownLatch(1);

  /// @param brokers ids, none for all
  InForce(Link link, Rule rule, Set<Integer> brokers) {
    this.link = link;
    this.rule = rule;
    this.brokers = Set.copyOf(brokers);
  }

  public Rule rule() {
    return rule;
  }

  /// How often it did something: frames lost or held, reads cut, delayed or swallowed, connections
  /// reset.
  public long effects() {
    return effects.sum();
  }

  /// How many bytes it did that to.
  public long bytes() {
    return bytes.sum();
  }

  /// The first effects, a clause each.
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /// Waits for the first effect.
  ///
  /// @return whether there was one in time
  public boolean awaitEffect(Duration timeout) throws InterruptedException {
    return effective.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Lets what is held go on; the rule stays in force and holds nothing any more.
  public void release() {
    passage.countDown();
  }

  /// Lifts it.
  @Override
  public void close() {
    link.lift(this);
  }

  boolean concerns(int broker) {
    return brokers.isEmpty() || brokers.contains(broker);
  }

  /// The number of this frame among those that the rule is about.
  int next() {
    return seen.incrementAndGet();
  }

  void did(String note, long count) {
    effects.increment();
    bytes.add(count);
    if (notes.size() < NOTES_MAX) {
      notes.add(note);
    }
    effective.countDown();
  }

  /// Waits until it is released or lifted.
  void awaitPassage() throws InterruptedException {
    passage.await();
  }

  boolean isReleased() {
    return passage.getCount() == 0;
  }
}
