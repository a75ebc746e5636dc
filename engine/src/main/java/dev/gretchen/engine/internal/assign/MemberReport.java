package dev.gretchen.engine.internal.assign;

import dev.gretchen.engine.internal.task.TaskId;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a member tells of itself when it joins: the user data of its subscription, which lies in
/// the group's record on the brokers, so it is kept short.
///
/// @param worker the slot
/// @param incarnation one process
/// @param rack where it stands, or an empty string
/// @param endpoint `host:port` of its endpoints
/// @param address `host:port` where its links come in, by which the others watch it
/// @param transactionalId by which whoever takes over fences it
/// @param standbys tasks for which it stands by
/// @param warmUps tasks that it warms up for
/// @param caughtUp those of both for which it has read all that there was, and reads along now
/// @param positions table -> partition -> changelog position that its disk stands at, for all that
///   it could still use
/// @param asks how often this process has asked for a rebalance: the coordinator does not rebalance
///   for a static member that joins again and has nothing new to tell
public record MemberReport(
    String worker,
    String incarnation,
    String rack,
    String endpoint,
    String address,
    String transactionalId,
    NavigableSet<TaskId> standbys,
    NavigableSet<TaskId> warmUps,
    NavigableSet<TaskId> caughtUp,
    NavigableMap<String, NavigableMap<Integer, Long>> positions,
    long asks) {

  static final int VERSION = 4;

  public MemberReport {
    standbys = Collections.unmodifiableNavigableSet(new TreeSet<>(standbys));
    warmUps = Collections.unmodifiableNavigableSet(new TreeSet<>(warmUps));
    caughtUp = Collections.unmodifiableNavigableSet(new TreeSet<>(caughtUp));
    positions = Collections.unmodifiableNavigableMap(new TreeMap<>(positions));
  }

  /// What somebody has told, if it can be read.
  public sealed interface Told {

    /// It can.
    record Report(MemberReport report) implements Told {}

    /// Another version, or not whole: the member gets tasks, and no standbys, since nobody knows
    /// whether it would understand.
    record Unreadable(String why) implements Told {}
  }

  /// As bytes.
  public ByteBuffer encode() {
    Wire.Writer out = new Wire.Writer();
    out.number(VERSION).text(worker).text(incarnation).text(rack).text(endpoint);
    out.text(address).text(transactionalId).number(asks);
    TaskNames.write(out, standbys);
    TaskNames.write(out, warmUps);
    TaskNames.write(out, caughtUp);
    out.number(positions.size());
    positions.forEach((table, partitions) -> {
      out.text(table).number(partitions.size());
      int before = 0;
      for (Map.Entry<Integer, Long> entry : partitions.entrySet()) {
        out.number(entry.getKey() - before).number(entry.getValue());
        before = entry.getKey();
      }
    });
    return ByteBuffer.wrap(out.bytes());
  }

  /// From bytes, which may be anything.
  public static Told decode(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      return new Told.Unreadable("it tells nothing");
    }
    Wire.Reader in = new Wire.Reader(bytes);
    try {
      long version = in.number();
      if (version != VERSION) {
        return new Told.Unreadable(
            "it speaks version " + version + ", this worker version " + VERSION);
      }
      String worker = in.text();
      String incarnation = in.text();
      String rack = in.text();
      String endpoint = in.text();
      String address = in.text();
      String transactionalId = in.text();
      long asks = in.number();
      NavigableSet<TaskId> standbys = TaskNames.read(in);
      NavigableSet<TaskId> warmUps = TaskNames.read(in);
      NavigableSet<TaskId> caughtUp = TaskNames.read(in);
      return new Told.Report(
          new MemberReport(
              worker,
              incarnation,
              rack,
              endpoint,
              address,
              transactionalId,
              standbys,
              warmUps,
              caughtUp,
              positions(in),
              asks));
    } catch (Wire.Malformed malformed) {
      return new Told.Unreadable("its report is not whole: " + malformed.getMessage());
    }
  }

  private static NavigableMap<String, NavigableMap<Integer, Long>> positions(Wire.Reader in)
      throws Wire.Malformed {
    NavigableMap<String, NavigableMap<Integer, Long>> positions = new TreeMap<>();
    int tables = in.count();
    for (int i = 0; i < tables; i++) {
      String table = in.text();
      NavigableMap<Integer, Long> partitions = new TreeMap<>();
      int count = in.count();
      int partition = 0;
      for (int j = 0; j < count; j++) {
        partition = TaskNames.partition(partition + in.number());
        partitions.put(partition, in.number());
      }
      positions.put(table, partitions);
    }
    return positions;
  }
}
