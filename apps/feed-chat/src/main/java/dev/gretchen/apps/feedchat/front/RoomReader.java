package dev.gretchen.apps.feedchat.front;

import dev.gretchen.apps.feedchat.Recent;
import dev.gretchen.apps.feedchat.push.RoomLookup;
import dev.gretchen.engine.NobodyAnswers;
import dev.gretchen.engine.TableValue;
import dev.gretchen.engine.TableView;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Reads rooms from table `recent`, wherever their owner is. Waits for an answer that is good
/// enough, on a virtual thread of its own or on the caller's.
final class RoomReader implements RoomLookup {

  /// A takeover takes less.
  static final Duration LOOKUP_BOUND = Duration.ofSeconds(10);

  private static final Duration ASK_AGAIN = Duration.ofMillis(100);

  /// Rooms asked for at a time; clients that all come at once want many.
  private static final int AT_A_TIME = 32;

  private final TableView<String, Recent> table;
  private final Semaphore turns = new Semaphore(AT_A_TIME);

  RoomReader(TableView<String, Recent> table) {
    this.table = table;
  }

  /// A standby's word is not enough here: it may be behind, and a room would begin in the past.
  @Override
  public void ask(String room, long atLeast, Consumer<Optional<Recent>> told) {
    Thread.ofVirtual()
        .name("room-" + room)
        .start(() -> {
          Optional<TableValue<Recent>> found = Optional.empty();
          try {
            found =
                await(room, value -> value.fromOwner() && lastOf(value) >= atLeast, LOOKUP_BOUND);
          } finally {
            told.accept(found.map(RoomReader::posts));
          }
        });
  }

  /// Waits for an answer.
  ///
  /// @return empty if none was good enough within the bound
  Optional<TableValue<Recent>> await(
      String room, Predicate<TableValue<Recent>> isEnough, Duration bound) {
    long end = System.nanoTime() + bound.toNanos();
    try {
      do {
        Optional<TableValue<Recent>> found = once(room);
        if (found.filter(isEnough).isPresent()) {
          return found;
        }
        Thread.sleep(ASK_AGAIN);
      } while (System.nanoTime() < end);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return Optional.empty();
  }

  private Optional<TableValue<Recent>> once(String room) throws InterruptedException {
    turns.acquire();
    try {
      return Optional.of(table.ask(room));
    } catch (NobodyAnswers _) {
      return Optional.empty();
    } finally {
      turns.release();
    }
  }

  static Recent posts(TableValue<Recent> found) {
    return found.value().orElse(Recent.empty());
  }

  private static long lastOf(TableValue<Recent> found) {
    return posts(found).last();
  }
}
