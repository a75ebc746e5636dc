package dev.gretchen.verifier.truth;

import dev.gretchen.verifier.contract.ChatEvent;
import dev.gretchen.verifier.contract.ChatValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// When which user was banned, as far as an onlooker can know: each change was asked for at one
/// moment and seen in the log at a later one, and took effect somewhere between. Memory is that of
/// the bans.
public final class BanHistory {

  /// When a change that never came was asked for and seen.
  public static final long NEVER = Long.MAX_VALUE;

  /// A stretch in which a user was banned, by one ban or by several that replaced each other.
  ///
  /// @param versions of its bans, rising
  /// @param askedAt epoch milliseconds before which nobody can have known of the first ban
  /// @param seenAt epoch milliseconds when the first ban was seen in the log
  /// @param liftAskedAt epoch milliseconds before which nobody can have known of its end, or NEVER
  /// @param liftSeenAt epoch milliseconds when its end was seen in the log, or NEVER
  public record Span(
      List<Long> versions, long askedAt, long seenAt, long liftAskedAt, long liftSeenAt) {

    /// Whether the user was banned for certain at a moment, whoever looked.
    public boolean holdsForCertain(long at) {
      return seenAt < at && at < liftAskedAt;
    }

    private Span lifted(long asked, long seen) {
      return new Span(versions, askedAt, seenAt, asked, seen);
    }

    private boolean isOpen() {
      return liftSeenAt == NEVER;
    }
  }

  private final Map<String, List<Span>> spans = new HashMap<>();

  private BanHistory() {}

  /// The history that the input of a chat tells: from the moment on at which a ban is in the log.
  ///
  /// @param asked before when nobody can have known of a record, epoch milliseconds
  public static BanHistory ofEvents(PartitionedLog events, ToLongFunction<LogRecord> asked) {
    BanHistory history = new BanHistory();
    for (int p = 0; p < events.partitions(); p++) {
      for (ChatFold fold = new ChatFold(events.records(p)); fold.hasNext(); ) {
        ChatFold.Decision decision = fold.next();
        ChatEvent event = decision.event();
        if (event != null && decision.fate() == ChatFold.Fate.MODERATION) {
          history.change(event.user(), decision.version(), decision.record(), asked);
        }
      }
    }
    return history;
  }

  /// The history that the published table of bans tells: from the moment on at which a ban is
  /// there.
  ///
  /// @param asked before when nobody can have known of a record, epoch milliseconds
  public static BanHistory ofTable(PartitionedLog bans, ToLongFunction<LogRecord> asked) {
    BanHistory history = new BanHistory();
    for (int p = 0; p < bans.partitions(); p++) {
      for (Iterator<LogRecord> records = bans.records(p); records.hasNext(); ) {
        LogRecord record = records.next();
        byte[] key = record.key();
        ChatValue.Banned ban = ChatValue.banned(record.value());
        if (key != null) {
          history.change(
              new String(key, StandardCharsets.UTF_8),
              ban == null ? -1 : ban.version(),
              record,
              asked);
        }
      }
    }
    return history;
  }

  /// @param version of the ban, -1 for the end of one
  private void change(String user, long version, LogRecord by, ToLongFunction<LogRecord> asked) {
    List<Span> all = spans.computeIfAbsent(user, _ -> new ArrayList<>());
    Span open = all.isEmpty() || !all.getLast().isOpen() ? null : all.getLast();
    if (version >= 0 && open != null) {
      open.versions().add(version);
    } else if (version >= 0) {
      List<Long> versions = new ArrayList<>(List.of(version));
      all.add(new Span(versions, asked.applyAsLong(by), by.observedAt(), NEVER, NEVER));
    } else if (open != null) {
      all.set(all.size() - 1, open.lifted(asked.applyAsLong(by), by.observedAt()));
    }
  }

  /// When a user was banned, in order.
  public List<Span> of(String user) {
    return spans.getOrDefault(user, List.of());
  }

  /// The stretch that a ban belongs to, null where that user was never banned so.
  public @Nullable Span of(String user, long version) {
    return of(user).stream()
        .filter(span -> span.versions().contains(version))
        .findFirst()
        .orElse(null);
  }
}
