package dev.gretchen.verifier.calibrate;

import static dev.gretchen.verifier.calibrate.Records.changed;
import static dev.gretchen.verifier.calibrate.Records.isOf;
import static dev.gretchen.verifier.calibrate.Records.tally;
import static dev.gretchen.verifier.calibrate.Records.withTally;
import static dev.gretchen.verifier.calibrate.Records.withValue;

import dev.gretchen.verifier.calibrate.Change.InEntries;
import dev.gretchen.verifier.calibrate.Change.InStores;
import dev.gretchen.verifier.calibrate.Change.Rewrite;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.AppDescriptor.Table;
import dev.gretchen.verifier.contract.ChangelogKey;
import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.contract.TableKind;
import dev.gretchen.verifier.contract.Tally;
import dev.gretchen.verifier.history.StoreLine;
import dev.gretchen.verifier.truth.LogRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;

/// What can be wrong with what workers hold: the owner's store and the standbys' copies.
final class StoreForgeries {

  private StoreForgeries() {}

  static Forgery storeDiverges(Recording run) {
    StoreLine owner = owner(run);
    LogRecord entry = entry(run, owner);
    Rewrite rewrite = changed(r -> isOf(r, entry.key()), StoreForgeries::withAnotherValue);
    return new Forgery(
        "the store of "
            + of(owner)
            + " has another value than the changelog, by a checksum that"
            + " fits",
        store(owner, "wrong-value", ChangelogKey.describe(entry.key())),
        content(run, owner, rewrite));
  }

  static Forgery storeEntryMissing(Recording run) {
    StoreLine owner = owner(run);
    LogRecord entry = entry(run, owner);
    return new Forgery(
        "the store of " + of(owner) + " lacks an entry, by a checksum that fits",
        store(owner, "missing", ChangelogKey.describe(entry.key())),
        content(run, owner, r -> isOf(r, entry.key()) ? List.of() : List.of(r)));
  }

  static Forgery storeChecksumLies(Recording run) {
    StoreLine owner = owner(run);
    String lie = Hex16.of(Hex16.parse(owner.checksum()) ^ 1);
    return Forgery.of(
        "the checksum of " + of(owner) + " is one bit off",
        store(owner, "wrong-checksum", lie),
        instead(owner, line -> List.of(with(line, line.records(), lie, line.position()))));
  }

  static Forgery storeStale(Recording run) {
    StoreLine owner = owner(run);
    return Forgery.of(
        "the store of " + of(owner) + " tells a position one short of its changelog's end",
        store(owner, "stale-store", Long.toString(owner.position() - 1)),
        instead(
            owner,
            line -> List.of(with(line, line.records(), line.checksum(), line.position() - 1))));
  }

  static Forgery noOwner(Recording run) {
    StoreLine owner = owner(run);
    return Forgery.of(
        "nobody holds " + of(owner), store(owner, "no-owner"), instead(owner, _ -> List.of()));
  }

  static Forgery twoOwners(Recording run) {
    StoreLine owner = owner(run);
    StoreLine other = as(owner, "active");
    return Forgery.of(
        of(owner) + " is held by two workers at once",
        store(owner, "two-owners", owner.worker(), other.worker()),
        instead(owner, line -> List.of(line, as(line, "active"))));
  }

  /// The copy holds the changelog's last record, its position says that it does not.
  static Forgery standbyAhead(Recording run) {
    StoreLine owner = owner(run);
    StoreLine standby = as(owner, "standby");
    long position =
        run.last(table(run).changelog(), owner.partition(), record -> tally(record) != null)
            .offset();
    return Forgery.of(
        "a standby of " + of(owner) + " holds more than the changelog up to its position",
        standby(standby, "not-a-prefix", Long.toString(position)),
        instead(
            owner,
            line ->
                List.of(
                    line, with(as(line, "standby"), line.records(), line.checksum(), position))));
  }

  /// Changes the content of a store, and what its worker tells of it with it.
  static List<Change> content(Recording run, StoreLine store, Rewrite rewrite) {
    long records = 0;
    long checksum = 0;
    for (LogRecord entry : run.entries(store)) {
      for (LogRecord after : rewrite.apply(entry)) {
        byte[] key = after.key();
        byte[] value = after.value();
        if (key != null && value != null) {
          records++;
          checksum += Mix.recordChecksum(key, value);
        }
      }
    }
    // as a difference, so that several edits of one store add up
    long more = records - store.records();
    long sum = checksum - Hex16.parse(store.checksum());
    return List.of(
        new InEntries(store.table(), store.partition(), store.worker(), rewrite),
        instead(
            store,
            line ->
                List.of(
                    with(
                        line,
                        line.records() + more,
                        Hex16.of(Hex16.parse(line.checksum()) + sum),
                        line.position()))));
  }

  /// A tally with another fingerprint; of what is no tally the same JSON with a space behind it.
  private static LogRecord withAnotherValue(LogRecord record) {
    byte[] value = record.value();
    return tally(record) != null || value == null
        ? withTally(record, t -> new Tally(t.count(), t.fingerprint() + 1))
        : withValue(record, (Witness.text(value) + " ").getBytes(StandardCharsets.UTF_8));
  }

  private static Table table(Recording run) {
    return run.table(run.app().outside().chat() == null ? TableKind.COUNTS : TableKind.POSTED);
  }

  private static StoreLine owner(Recording run) {
    Table table = table(run);
    return run.owner(table.name(), run.busiest(table.changelog()));
  }

  private static LogRecord entry(Recording run, StoreLine store) {
    List<LogRecord> entries =
        run.entries(store).stream()
            .filter(record -> ChangelogKey.decode(record.key()) instanceof ChangelogKey.Plain)
            .toList();
    if (entries.isEmpty()) {
      throw new NoSuchElementException("the store of " + of(store) + " is empty");
    }
    return entries.get(entries.size() / 2);
  }

  private static InStores instead(StoreLine store, Function<StoreLine, List<StoreLine>> change) {
    return new InStores(line ->
        line.table().equals(store.table())
                && line.partition() == store.partition()
                && line.worker().equals(store.worker())
            ? change.apply(line)
            : List.of(line));
  }

  private static StoreLine with(StoreLine l, long records, String checksum, long position) {
    return new StoreLine(
        l.at(),
        l.table(),
        l.partition(),
        l.worker(),
        l.role(),
        l.state(),
        records,
        checksum,
        position);
  }

  /// What a worker would say that held the same in another role.
  private static StoreLine as(StoreLine l, String role) {
    return new StoreLine(
        l.at(),
        l.table(),
        l.partition(),
        l.worker() + "-double",
        role,
        l.state(),
        l.records(),
        l.checksum(),
        l.position());
  }

  private static Expected store(StoreLine store, String kind, String... names) {
    return named("store:" + store.table(), store, kind, names);
  }

  private static Expected standby(StoreLine store, String kind, String position) {
    return named("standby-prefix:" + store.table(), store, kind, store.worker(), position);
  }

  private static Expected named(String property, StoreLine store, String kind, String... names) {
    String[] all = new String[names.length + 1];
    System.arraycopy(names, 0, all, 0, names.length);
    all[names.length] = "Partition " + store.partition() + " of " + store.table();
    return Expected.fail(property, Set.of(kind), all);
  }

  private static String of(StoreLine store) {
    return store.table() + " partition " + store.partition();
  }
}
