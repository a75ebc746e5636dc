package dev.gretchen.chaos.proxy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/// Carries the bytes of a connection in one direction, in a virtual thread of its own.
///
/// What was read goes on from the same buffer, many frames in one write; only the first bytes of a
/// frame are looked at, to know where the next begins and which response belongs to which request.
/// A frame is never assembled, so its size does not matter, and without a rule in force nothing
/// else happens.
///
/// A request begins with its size (4 bytes), API (2), version (2) and number (4); a response with
/// its size and the number of its request.
final class Pump implements Runnable {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int REQUEST_HEADER_BYTES = 12;
  private static final int RESPONSE_HEADER_BYTES = 8;
  private static final int SIZE_BYTES = 4;

  private final Relay relay;
  private final Link link;
  private final Direction direction;
  private final SocketChannel from;
  private final SocketChannel to;
  private final Requests requests;
  private final Pacing pacing;
  private final int headerBytes;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private long left; // bytes of the current frame that have not passed yet
  private boolean silent; // whatever comes is thrown away

  Pump(Relay relay, Direction direction, SocketChannel from, SocketChannel to, Requests requests) {
    this.relay = relay;
    this.link = relay.link();
    this.direction = direction;
    this.from = from;
    this.to = to;
    this.requests = requests;
    this.pacing = new Pacing(relay.broker());
    this.headerBytes =
        direction == Direction.TO_BROKER ? REQUEST_HEADER_BYTES : RESPONSE_HEADER_BYTES;
  }

  @Override
  public void run() {
    boolean ended = false;
    try {
      while (from.read(buffer) >= 0) {
        passCuts(buffer.position());
        if (silent || swallowed()) {
          buffer.clear();
        } else if (!forward()) {
          return;
        }
      }
      // the end of what one side says does not pass a cut either; what it said is still answered
      passCuts(0);
      to.shutdownOutput();
      ended = true;
    } catch (IOException _) {
      // one side is gone: so is the other, below
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      relay.pumpEnded(ended);
    }
  }

  private void passCuts(int bytes) throws InterruptedException {
    for (InForce force : link.rules()) {
      if (force.rule() instanceof Rule.Cut(var directions)
          && directions.contains(direction)
          && force.concerns(relay.broker())) {
        force.did(direction + " of broker " + relay.broker() + " held up", bytes);
        force.awaitPassage();
      }
    }
  }

  /// Whether what was read is gone: from then on the connection is of no use.
  private boolean swallowed() {
    for (InForce force : link.rules()) {
      if (force.rule() instanceof Rule.Swallow(var directions)
          && directions.contains(direction)
          && force.concerns(relay.broker())) {
        force.did(direction + " of broker " + relay.broker() + " swallowed", buffer.position());
        silent = true;
        link.spoiled(force, relay);
      }
    }
    return silent;
  }

  /// Sends on what was read, but for the beginning of a header that is not there in full yet.
  ///
  /// @return whether the connection goes on
  private boolean forward() throws IOException, InterruptedException {
    buffer.flip();
    int sent = 0;
    int at = 0;
    while (at < buffer.limit()) {
      if (left > 0) {
        int passing = (int) Math.min(left, buffer.limit() - at);
        at += passing;
        left -= passing;
      } else if (buffer.limit() - at < headerBytes) {
        break;
      } else {
        int size = buffer.getInt(at);
        if (size < headerBytes - SIZE_BYTES) {
          throw new IOException("Not a Kafka frame: its size is " + size);
        }
        @Nullable InForce stop = direction == Direction.TO_BROKER ? holder(at) : loser(at);
        if (stop != null) {
          send(sent, at);
          sent = at;
          if (!obey(stop)) {
            return false;
          }
        }
        left = (long) size + SIZE_BYTES;
      }
    }
    send(sent, at);
    buffer.position(at);
    buffer.compact();
    return true;
  }

  /// The rule that holds this request back, if one does.
  private @Nullable InForce holder(int at) {
    short api = buffer.getShort(at + 4);
    requests.sent(buffer.getInt(at + 8), api);
    for (InForce force : link.rules()) {
      if (force.rule() instanceof Rule.HoldRequest(ApiKeys held, int nth)
          && held.id == api
          && force.concerns(relay.broker())
          && force.next() == nth
          && !force.isReleased()) {
        force.did("request " + nth + " of " + held + " to broker " + relay.broker() + " held", 0);
        return force;
      }
    }
    return null;
  }

  /// The rule that takes this response away, if one does.
  private @Nullable InForce loser(int at) {
    short api = requests.answered(buffer.getInt(at + 4));
    for (InForce force : link.rules()) {
      if (force.rule() instanceof Rule.LoseResponse(ApiKeys lost, int nth, int times, var _)
          && lost.id == api
          && force.concerns(relay.broker())) {
        int number = force.next();
        if (number >= nth && number < nth + times) {
          force.did(
              "response " + number + " of " + lost + " from broker " + relay.broker() + " lost",
              buffer.getInt(at) + SIZE_BYTES);
          return force;
        }
      }
    }
    return null;
  }

  private boolean obey(InForce force) throws IOException, InterruptedException {
    switch (force.rule()) {
      case Rule.HoldRequest _ -> {
        force.awaitPassage();
        return true;
      }
      case Rule.LoseResponse(var _, var _, var _, Rule.Loss loss) -> {
        if (loss == Rule.Loss.RESET) {
          relay.reset();
          return false;
        }
        swallowToTheEnd();
        return false;
      }
      case Rule.Cut _,
          Rule.Swallow _,
          Rule.Refuse _,
          Rule.Delay _,
          Rule.Bandwidth _,
          Rule.Slice _ -> {
        return true;
      }
    }
  }

  /// The client waits for its time-out, closes, and the other pump ends us.
  private void swallowToTheEnd() throws IOException {
    do {
      buffer.clear();
    } while (from.read(buffer) >= 0);
  }

  private void send(int start, int end) throws IOException, InterruptedException {
    ByteBuffer data = buffer.duplicate().position(start).limit(end);
    InForce[] rules = link.rules();
    if (rules.length > 0) {
      pacing.write(rules, data, to);
    }
    while (data.hasRemaining()) {
      to.write(data);
    }
  }

  /// Delay, bandwidth and slices.
  private record Pacing(int broker) {
    private static final long NANOS = Duration.ofSeconds(1).toNanos();

    void write(InForce[] rules, ByteBuffer data, SocketChannel to)
        throws IOException, InterruptedException {
      for (InForce force : rules) {
        if (force.concerns(broker) && data.hasRemaining()) {
          apply(force, data, to);
        }
      }
    }

    private static void apply(InForce force, ByteBuffer data, SocketChannel to)
        throws IOException, InterruptedException {
      switch (force.rule()) {
        case Rule.Delay(Duration least, Duration most) -> {
          long spread = most.minus(least).toNanos();
          long drawn = spread == 0 ? 0 : Math.floorMod(mix(force.next()), spread);
          force.did("delayed", data.remaining());
          Thread.sleep(least.plusNanos(drawn));
        }
        case Rule.Bandwidth(int bytesPerSecond) -> {
          // in tenths of a second, so that a large frame does not pass in one burst
          pieces(force, data, to, Math.max(1, bytesPerSecond / 10), bytesPerSecond);
        }
        case Rule.Slice(int bytes, Duration pause) ->
            pieces(force, data, to, bytes, (int) Math.max(1, bytes * NANOS / pause.toNanos()));
        case Rule.Cut _, Rule.Swallow _, Rule.Refuse _, Rule.HoldRequest _, Rule.LoseResponse _ -> {
          // not a matter of pace
        }
      }
    }

    private static void pieces(
        InForce force, ByteBuffer data, SocketChannel to, int piece, int bytesPerSecond)
        throws IOException, InterruptedException {
      int end = data.limit();
      while (data.position() < end) {
        int bytes = Math.min(piece, end - data.position());
        data.limit(data.position() + bytes);
        while (data.hasRemaining()) {
          to.write(data);
        }
        force.did("a piece of " + bytes + " bytes", bytes);
        Thread.sleep(Duration.ofNanos(bytes * NANOS / bytesPerSecond));
      }
    }

    /// The finaliser of SplitMix64, as a cheap draw.
    private static long mix(long n) {
      long z = n * 0x9e3779b97f4a7c15L;
      z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
      z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
      return z ^ (z >>> 31);
    }
  }
}
