package dev.gretchen.verifier.calibrate;

import dev.gretchen.verifier.calibrate.Change.InSightings;
import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.contract.StreamKind;
import dev.gretchen.verifier.judge.RunFacts;
import dev.gretchen.verifier.load.Chat;
import dev.gretchen.verifier.truth.BanHistory;
import dev.gretchen.verifier.truth.BanHistory.Span;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.RoomIndex;
import dev.gretchen.verifier.truth.Sighting;
import dev.gretchen.verifier.truth.Sighting.Shown;
import dev.gretchen.verifier.truth.Subscriptions;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/// What can be wrong with what a chat's clients see and are told.
final class ClientForgeries {

  /// Behind every offset that a run reaches.
  private static final long FAR = 1_000_000_000;

  private ClientForgeries() {}

  /// Two posts of a room come to one client in the order in which they arrived at its worker.
  static Forgery roomOrderByArrival(Recording run) {
    Map<String, Shown> before = new HashMap<>();
    for (Iterator<Sighting> all = run.sightings(); all.hasNext(); ) {
      if (!(all.next() instanceof Shown second) || !isOfLoad(run, second.id())) {
        continue;
      }
      Shown first = before.put(second.client() + " " + second.room(), second);
      if (first != null && first.index() + 1 == second.index() && first.id() != second.id()) {
        Shown early =
            new Shown(
                first.at(),
                first.client(),
                first.room(),
                first.index(),
                second.id(),
                first.withheld());
        Shown late =
            new Shown(
                second.at(),
                second.client(),
                second.room(),
                second.index(),
                first.id(),
                second.withheld());
        return Forgery.of(
            "client " + first.client() + " sees two posts of a room the other way round",
            Expected.fail(
                "room-order:" + feed(run),
                Set.of("other-post"),
                "Client " + first.client() + " ",
                run.event(second.id())),
            new InSightings(each ->
                each.equals(first)
                    ? List.of(early)
                    : each.equals(second) ? List.of(late) : List.of(each)));
      }
    }
    throw new NoSuchElementException("no client saw two posts of a room one after the other");
  }

  /// The first post that a client is shown after it has come back is left out.
  static Forgery resumedOneLate(Recording run) {
    Set<String> joined = new HashSet<>();
    Set<String> again = new HashSet<>();
    for (Iterator<Sighting> all = run.sightings(); all.hasNext(); ) {
      Sighting sighting = all.next();
      if (sighting instanceof Sighting.Joined join
          && !joined.add(join.client() + " " + join.room())) {
        again.add(join.client() + " " + join.room());
      }
      if (sighting instanceof Shown first && again.remove(first.client() + " " + first.room())) {
        return Forgery.of(
            "client " + first.client() + " gets the second post after it has come back first",
            resumption(run, Set.of("missed", "never-came"), first),
            new InSightings(each -> each.equals(first) ? List.of() : List.of(each)));
      }
    }
    throw new NoSuchElementException("no client ever came back to a room");
  }

  static Forgery shownTwice(Recording run) {
    Shown twice = shown(run, _ -> true);
    return Forgery.of(
        "client " + twice.client() + " is shown a post once more",
        resumption(run, Set.of("repeated"), twice),
        new InSightings(each -> each.equals(twice) ? List.of(each, each) : List.of(each)));
  }

  static Forgery tailNeverCame(Recording run) {
    Shown last = null;
    for (Iterator<Sighting> all = run.sightings(); all.hasNext(); ) {
      if (all.next() instanceof Shown shown) {
        last = shown;
      }
    }
    if (last == null) {
      throw new NoSuchElementException("no client was shown anything");
    }
    Shown gone = last;
    return Forgery.of(
        "client " + gone.client() + " never gets the last post of a room",
        resumption(run, Set.of("never-came"), gone),
        new InSightings(each -> each.equals(gone) ? List.of() : List.of(each)));
  }

  static Forgery withheldInnocent(Recording run) {
    Shown whole = shown(run, shown -> shown.isWhole() && isOfLoad(run, shown.id()));
    return Forgery.of(
        "from client " + whole.client() + " a post is withheld by a ban that nobody gave",
        Expected.fail(
            "withholding:" + feed(run),
            Set.of("withheld-without-ban"),
            "Client " + whole.client() + " ",
            run.event(whole.id())),
        replaced(whole, withheld(whole, FAR)));
  }

  /// What was withheld long after the ban is shown whole.
  static Forgery leakedAfterBan(Recording run) {
    String property = "leaks:" + feed(run);
    Chat chat = run.plan().chat();
    BanHistory bans = BanHistory.ofTable(run.log(run.stream(StreamKind.BANS).topic()), asked(run));
    RoomIndex rooms = RoomIndex.of(run.log(feed(run)));
    Subscriptions subscriptions = new Subscriptions();
    long calm = run.faults().stream().mapToLong(fault -> fault.at()).min().orElse(Long.MAX_VALUE);
    Shown found = null;
    long longest = 0;
    for (Iterator<Sighting> all = run.sightings(); all.hasNext(); ) {
      Sighting sighting = all.next();
      subscriptions.follow(sighting);
      if (sighting instanceof Shown shown
          && !shown.isWhole()
          && shown.at() < calm
          && isOfLoad(run, shown.id())) {
        Span span = bans.of(chat.user(shown.id()), shown.withheld());
        int room = rooms.room(chat.rooms().get(shown.room()));
        long made =
            Math.max(
                rooms.seenAt(room, shown.index()),
                subscriptions.since(shown.client(), shown.room()));
        if (span != null && span.holdsForCertain(shown.at()) && made - span.seenAt() > longest) {
          longest = made - span.seenAt();
          found = shown;
        }
      }
    }
    if (found == null) {
      throw new NoSuchElementException("nothing was withheld before the first fault");
    }
    return Forgery.of(
        "client "
            + found.client()
            + " is shown a post "
            + longest
            + " ms after a ban of its user was published",
        Expected.fail(property, Set.of("leaked"), run.event(found.id())),
        replaced(found, withheld(found, Sighting.NOWHERE)));
  }

  /// A process shows a post whose user it had to know as banned from its start on.
  static Forgery servedBeforeComplete(Recording run) {
    BanHistory bans = BanHistory.ofTable(run.log(run.stream(StreamKind.BANS).topic()), asked(run));
    Chat chat = run.plan().chat();
    Map<String, Long> starts = new HashMap<>();
    for (AuditEvent event : run.audit()) {
      if (event.event().equals("started")) {
        starts.putIfAbsent(event.incarnation(), event.at());
      }
    }
    Map<Integer, String> hosts = new HashMap<>();
    for (Iterator<Sighting> all = run.sightings(); all.hasNext(); ) {
      Sighting sighting = all.next();
      if (sighting instanceof Sighting.Connected connected) {
        hosts.put(connected.client(), connected.incarnation());
      }
      Long start = starts.get(hosts.getOrDefault(sighting.client(), ""));
      if (start != null
          && sighting instanceof Shown shown
          && !shown.isWhole()
          && isOfLoad(run, shown.id())
          && bans.of(chat.user(shown.id())).stream()
              .anyMatch(span -> span.seenAt() < start && span.holdsForCertain(shown.at()))) {
        return Forgery.of(
            "client " + shown.client() + " is shown a post by a process that knew of the ban",
            Expected.fail(
                "complete-before-served:" + feed(run),
                Set.of("served-too-early"),
                run.event(shown.id()),
                "before that process started"),
            replaced(shown, withheld(shown, Sighting.NOWHERE)));
      }
    }
    throw new NoSuchElementException("no process that started later withheld a post");
  }

  static Forgery readWentBack(Recording run) {
    for (Iterator<Sighting> all = run.sightings(); all.hasNext(); ) {
      if (all.next() instanceof Sighting.Read read && read.seen() > 0) {
        return Forgery.of(
            "client " + read.client() + " is answered with less than it had seen",
            Expected.fail(
                "reads:" + feed(run),
                Set.of("went-back"),
                "Client " + read.client() + " ",
                "number " + read.seen() + " of "),
            replaced(
                read,
                new Sighting.Read(
                    read.at(),
                    read.client(),
                    read.room(),
                    read.seen(),
                    read.seen() - 1,
                    read.posts(),
                    read.hash())));
      }
    }
    throw new NoSuchElementException("no client asked for the last posts of a room");
  }

  static Forgery postedAndGone(Recording run) {
    Sighting.Answered told = answered(run);
    return Forgery.of(
        "client " + told.client() + " was told another place of its post",
        clientPosts(run, "posted-and-gone", told),
        new InSightings(each ->
            List.of(
                each.equals(told)
                    ? new Sighting.Answered(
                        told.at(),
                        told.client(),
                        told.id(),
                        told.answer(),
                        told.partition(),
                        told.offset() + FAR)
                    : each)));
  }

  static Forgery refusedAndThere(Recording run) {
    Sighting.Answered told = answered(run);
    return Forgery.of(
        "client " + told.client() + " was told that its post is refused",
        clientPosts(run, "refused-and-there", told),
        new InSightings(each ->
            List.of(
                each.equals(told)
                    ? new Sighting.Answered(
                        told.at(), told.client(), told.id(), Sighting.Answer.REFUSED, -1, -1)
                    : each)));
  }

  /// The first answer to a post that was sent once, and is in the log.
  private static Sighting.Answered answered(Recording run) {
    Map<Long, Integer> sent = new HashMap<>();
    for (Iterator<Sighting> all = run.sightings(); all.hasNext(); ) {
      if (all.next() instanceof Sighting.Posted posted) {
        sent.merge(posted.id(), 1, Integer::sum);
      }
    }
    for (Iterator<Sighting> all = run.sightings(); all.hasNext(); ) {
      if (all.next() instanceof Sighting.Answered answered
          && answered.answer() == Sighting.Answer.IN_LOG
          && sent.getOrDefault(answered.id(), 0) == 1) {
        return answered;
      }
    }
    throw new NoSuchElementException("no client posted anything");
  }

  private static Expected clientPosts(Recording run, String kind, Sighting.Answered told) {
    return Expected.fail(
        "client-posts:" + run.app().input(),
        Set.of(kind),
        run.plan().chat().audience().describe(told.id()));
  }

  private static Expected resumption(Recording run, Set<String> kinds, Shown shown) {
    return Expected.fail(
        "resumption:" + feed(run),
        kinds,
        "Client " + shown.client() + " ",
        "number " + shown.index() + " of ");
  }

  /// The first post that a client was shown that fits, in the second half of what they all saw.
  private static Shown shown(Recording run, Predicate<Shown> fits) {
    long sightings = 0;
    for (Iterator<Sighting> all = run.sightings(); all.hasNext(); all.next()) {
      sightings++;
    }
    long seen = 0;
    for (Iterator<Sighting> all = run.sightings(); all.hasNext(); seen++) {
      if (all.next() instanceof Shown shown && seen >= sightings / 2 && fits.test(shown)) {
        return shown;
      }
    }
    throw new NoSuchElementException("no client was shown such a post");
  }

  private static InSightings replaced(Sighting old, Sighting other) {
    Function<Sighting, List<Sighting>> rewrite = each -> List.of(each.equals(old) ? other : each);
    return new InSightings(rewrite);
  }

  private static Shown withheld(Shown shown, long version) {
    return new Shown(shown.at(), shown.client(), shown.room(), shown.index(), shown.id(), version);
  }

  private static ToLongFunction<LogRecord> asked(Recording run) {
    long start = RunFacts.read(run.run()).loadStart();
    return record ->
        record.hasId() && run.plan().indexOf(record.id()) >= 0
            ? start + (long) run.plan().dueMillis(run.plan().indexOf(record.id()))
            : record.timestamp();
  }

  private static boolean isOfLoad(Recording run, long id) {
    return run.plan().indexOf(id) >= 0;
  }

  private static String feed(Recording run) {
    return run.stream(StreamKind.NUMBERED).topic();
  }
}
