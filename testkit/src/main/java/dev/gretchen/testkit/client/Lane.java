package dev.gretchen.testkit.client;

import dev.gretchen.testkit.kafka.Reply;
import dev.gretchen.testkit.kafka.Request;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A client's one connection to a coordinator: requests are carried out in the order in which they
/// were sent, each when the one before is answered, as a broker takes them from a socket.
///
/// The [Network][dev.gretchen.testkit.kafka.Network] lets requests overtake one another, which
/// those of a member must not: a heartbeat of the generation before that arrives behind its own
/// member's join would take away what the member holds.
final class Lane {

  private final Connection connection;
  private final ArrayDeque<Queued<?>> waiting = new ArrayDeque<>();
  private @Nullable Queued<?> underWay;

  private record Queued<R extends Reply>(
      Request<R> request, Duration bound, Consumer<@Nullable R> outcome) {}

  Lane(Connection connection) {
    this.connection = connection;
  }

  /// @param outcome told once, in the background: the reply, or null where nobody knows whether the
  ///   request was carried out
  <R extends Reply> void send(Request<R> request, Duration bound, Consumer<@Nullable R> outcome) {
    Queued<R> queued = new Queued<>(request, bound, outcome);
    if (underWay == null) {
      depart(queued);
    } else {
      waiting.add(queued);
    }
  }

  private <R extends Reply> void depart(Queued<R> queued) {
    underWay = queued;
    connection.send(
        queued.request,
        queued.bound,
        reply -> {
          // of a connection that was broken off nothing more is heard
          if (underWay == queued) {
            underWay = null;
            queued.outcome.accept(reply);
            next();
          }
        });
  }

  private void next() {
    if (underWay == null && !waiting.isEmpty()) {
      depart(waiting.remove());
    }
  }

  /// Breaks the connection: nobody knows any more what becomes of the requests on it.
  void breakOff() {
    Queued<?> first = underWay;
    ArrayDeque<Queued<?>> all = new ArrayDeque<>(waiting);
    waiting.clear();
    underWay = null;
    if (first != null) {
      first.outcome.accept(null);
    }
    all.forEach(queued -> queued.outcome.accept(null));
    connection.changed();
  }
}
