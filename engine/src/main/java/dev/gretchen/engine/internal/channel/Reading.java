package dev.gretchen.engine.internal.channel;

import dev.gretchen.engine.internal.ask.Patience;
import dev.gretchen.engine.internal.observe.Meters;
import dev.gretchen.engine.internal.surroundings.Surroundings;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An agent of a channel at work: value after value, on a thread of its own.
public final class Reading {

  private static final Logger LOG = LoggerFactory.getLogger(Reading.class);

  private static final ScopedValue<Reading> SCOPE = ScopedValue.newInstance();

  private final Channels channels;
  private final Conduit conduit;
  private final int line;
  private final Surroundings surroundings;
  private final Meters meters;
  private final Consumer<Throwable> fatal;
  private volatile @Nullable Runnable interrupter;
  private volatile boolean ended;

  /// @param line which of the channel's agents this is
  /// @param fatal told of what must stop the worker
  Reading(
      Channels channels,
      Conduit conduit,
      int line,
      Surroundings surroundings,
      Meters meters,
      Consumer<Throwable> fatal) {
    this.channels = channels;
    this.conduit = conduit;
    this.line = line;
    this.surroundings = surroundings;
    this.meters = meters;
    this.fatal = fatal;
  }

  /// The agent of a channel that runs on the calling thread; null for none.
  public static @Nullable Reading current() {
    return SCOPE.isBound() ? SCOPE.get() : null;
  }

  /// The channels that it may send to.
  public Channels channels() {
    return channels;
  }

  /// Sends a value to another channel, and waits while that is full.
  ///
  /// @throws IllegalStateException if it is its own, or closed
  public void send(String other, Object value) {
    if (other.equals(channel())) {
      throw new IllegalStateException(
          "agent "
              + conduit.spec().readers().get(line).agent()
              + " of channel "
              + other
              + " sends to the channel that it reads: a full one would wait for itself for ever; use offer(...), and say what is to follow where there is no room");
    }
    channels.required(other).send(value, null, Patience.PLAIN);
  }

  String channel() {
    return conduit.spec().name();
  }

  void start() {
    surroundings.handlers().execute(() -> ScopedValue.where(SCOPE, this).run(this::run));
  }

  private void run() {
    interrupter = surroundings.interrupter();
    ChannelReader reader = conduit.spec().readers().get(line);
    try {
      Queue<Object> values = conduit.line(line);
      while (!conduit.isClosed() || !values.isEmpty()) {
        Object value = conduit.next(values);
        if (value == null) {
          conduit.await(values);
        } else {
          handle(reader, value);
        }
      }
    } catch (Throwable bug) {
      end();
      fatal.accept(bug);
    } finally {
      end();
    }
  }

  private void end() {
    ended = true;
    channels.readingEnded();
  }

  /// A value that fails is lost, and said to be: nothing has kept it.
  private void handle(ChannelReader reader, Object value) {
    try {
      reader.handler().handle(value);
    } catch (Exception | StackOverflowError | AssertionError failure) {
      meters.channelFailed(channel());
      LOG.atError()
          .addKeyValue("channel", channel())
          .addKeyValue("agent", reader.agent())
          .setCause(failure)
          .log("agent of a channel has failed, the value is lost");
    }
  }

  boolean isOf(Conduit of) {
    return conduit == of;
  }

  boolean hasEnded() {
    return ended;
  }

  /// Drops what waits, and interrupts the handler at hand.
  void cut() {
    int lost = conduit.drop(line);
    Runnable interrupt = interrupter;
    if (interrupt != null) {
      interrupt.run();
    }
    LOG.atWarn()
        .addKeyValue("channel", channel())
        .addKeyValue("agent", conduit.spec().readers().get(line).agent())
        .addKeyValue("lost", lost)
        .log("agent of a channel did not come to its end in time");
  }

  /// Refuses an effect.
  ///
  /// @param what is to be sent or touched
  /// @return to be thrown
  public IllegalStateException refused(String what) {
    return new IllegalStateException(
        what
            + " belongs to an event, and agent "
            + conduit.spec().readers().get(line).agent()
            + " reads channel "
            + channel()
            + ", whose values are in memory alone: they have no offset, so nothing that follows from them could be exactly-once. Send them through a topic instead, and do this in an agent of that topic; to read a table, use Worker.view(table)");
  }
}
