package dev.gretchen.chaos.proxy;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.protocol.ApiKeys;

/// What a link does to what passes through it.
///
/// `toString` says it in a few words, for a proof.
public sealed interface Rule {

  /// A response that the client never gets, although the broker has done what it was asked: the
  /// generator of unknown outcomes. The connection ends with it, because the client would notice a
  /// gap in its responses, which no network makes.
  ///
  /// @param nth which response of that kind, from 1, counted since the rule came into force
  /// @param times how many in a row
  /// @param loss how the connection ends
  record LoseResponse(ApiKeys api, int nth, int times, Loss loss) implements Rule {
    public LoseResponse {
      requirePositive("The number of the response", nth);
      requirePositive("The number of responses", times);
    }

    @Override
    public String toString() {
      return "lose response " + nth + (times > 1 ? " to " + (nth + times - 1) : "") + " of " + api;
    }
  }

  /// How a connection goes on after a response was lost.
  enum Loss {
    /// It is reset at once: the client tries again soon.
    RESET,
    /// It stays open and says nothing any more: the client waits for its time-out.
    SILENCE
  }

  /// A request that is held back, and all that follow it on its connection, until it is released or
  /// the rule is lifted.
  ///
  /// @param nth which request of that kind, from 1, counted since the rule came into force
  record HoldRequest(ApiKeys api, int nth) implements Rule {
    public HoldRequest {
      requirePositive("The number of the request", nth);
    }

    @Override
    public String toString() {
      return "hold request " + nth + " of " + api;
    }
  }

  /// A cut: nothing passes that way while it is in force, and what was under way arrives late, when
  /// it is lifted, also from a client that has given up since.
  record Cut(Set<Direction> directions) implements Rule {
    public Cut {
      directions = Set.copyOf(directions);
    }

    @Override
    public String toString() {
      return "cut " + words(directions);
    }
  }

  /// A black hole: what goes that way is gone, and connections stay open. With both ways it is a
  /// half-open peer, with responses only an asymmetric partition. Connections that lost something
  /// are reset when it is lifted.
  record Swallow(Set<Direction> directions) implements Rule {
    public Swallow {
      directions = Set.copyOf(directions);
    }

    @Override
    public String toString() {
      return "swallow " + words(directions);
    }
  }

  /// A broker that is not there: connections are reset, and new ones too.
  record Refuse() implements Rule {
    @Override
    public String toString() {
      return "refuse connections";
    }
  }

  /// Latency, drawn anew for each read of the proxy; what arrives meanwhile goes on together.
  record Delay(Duration least, Duration most) implements Rule {
    public Delay {
      if (least.isNegative() || most.compareTo(least) < 0) {
        throw new IllegalArgumentException("A delay of " + least + " to " + most + " is none");
      }
    }

    @Override
    public String toString() {
      return "delay by " + least.toMillis() + " to " + most.toMillis() + " ms";
    }
  }

  /// A narrow link, each connection and way by itself.
  record Bandwidth(int bytesPerSecond) implements Rule {
    public Bandwidth {
      requirePositive("The bandwidth", bytesPerSecond);
    }

    @Override
    public String toString() {
      return "bandwidth " + bytesPerSecond + " B/s";
    }
  }

  /// Bytes in small pieces, with a pause between them, so that no read of a peer gets a whole
  /// frame.
  record Slice(int bytes, Duration pause) implements Rule {
    public Slice {
      requirePositive("The size of a slice", bytes);
    }

    @Override
    public String toString() {
      return "slices of " + bytes + " bytes";
    }
  }

  private static void requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(what + " is 1 or more, not " + value);
    }
  }

  private static String words(Set<Direction> directions) {
    return directions.stream()
        .map(way -> way == Direction.TO_BROKER ? "requests" : "responses")
        .sorted()
        .collect(Collectors.joining(" and "));
  }
}
