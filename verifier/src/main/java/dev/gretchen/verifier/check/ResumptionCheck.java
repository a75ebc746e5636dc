package dev.gretchen.verifier.check;

import dev.gretchen.verifier.truth.Longs;
import dev.gretchen.verifier.truth.Sighting;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.BitSet;
import java.util.Iterator;

/// `resumption`: a client misses nothing of a room that it has joined, sees nothing twice and
/// nothing of before, over all workers that it was connected to; and in the end it has seen all
/// that there is.
///
/// A client that comes back asks for what is behind the last that it saw. One that asks for what is
/// behind an earlier post reads that again on purpose, and the first that is joined says from
/// where: until then what comes still belongs to what it had asked before. What is `skipped` must
/// be so far behind the log's end that nobody promised to have it at hand.
///
/// Kinds: `missed`, `repeated`, `unasked`, `resumed-elsewhere` (the worker goes on at another place
/// than it was asked to), `asked-too-late` (the client itself left something out),
/// `skipped-needlessly`, `never-came`. Memory is a few numbers for each client and room.
public final class ResumptionCheck {

  /// Nothing is asked for, or nothing was ever joined.
  private static final long NONE = -2;

  private final ClientViews views;
  private final int rooms;
  private final int reachesBack;
  private final Longs next = new Longs(NONE);
  private final Longs asked = new Longs(NONE);
  private final BitSet joined = new BitSet();
  private final Whereabouts whereabouts = new Whereabouts();
  private final Findings findings = new Findings();
  private long resumed;

  private ResumptionCheck(ClientViews views, int reachesBack) {
    this.views = views;
    this.rooms = views.chat().rooms().size();
    this.reachesBack = reachesBack;
  }

  /// Judges the way of every client through its rooms.
  ///
  /// @param reachesBack how many posts of a partition a worker has at hand at the least
  public static Property check(ClientViews views, int reachesBack) {
    ResumptionCheck check = new ResumptionCheck(views, reachesBack);
    for (Iterator<Sighting> all = views.sightings(); all.hasNext(); ) {
      Sighting sighting = all.next();
      check.whereabouts.follow(sighting);
      check.see(sighting);
    }
    check.ends();
    return check.findings.property(
        "resumption:" + views.topic(),
        Section.SAFETY,
        "No client missed a post or saw one twice, though they went on elsewhere "
            + check.resumed
            + " times.");
  }

  private void see(Sighting sighting) {
    switch (sighting) {
      case Sighting.Connected connected -> {
        for (int room = 0; room < rooms; room++) {
          asked.set(connected.client() * rooms + room, NONE);
        }
      }
      case Sighting.Asked ask -> asks(ask);
      case Sighting.Joined join -> joins(join);
      case Sighting.Shown shown -> shown(shown);
      case Sighting.Skipped skipped -> skipped(skipped);
      case Sighting.Posted _,
          Sighting.Answered _,
          Sighting.TriedToBan _,
          Sighting.Read _,
          Sighting.Parted _ -> {}
    }
  }

  private void asks(Sighting.Asked ask) {
    if (!views.isRoom(ask.room())) {
      return;
    }
    int slot = slot(ask, ask.room());
    long last = next.get(slot) - 1;
    if (next.get(slot) != NONE && ask.after() > last) {
      String client = whereabouts.name(ask.client());
      findings.add(
          views.anomaly(
              "asked-too-late",
              ask,
              () ->
                  client
                      + " asked for what is behind "
                      + views.place(ask.room(), ask.after())
                      + ", though the last that it saw was number "
                      + last));
    }
    asked.set(slot, ask.after());
  }

  private void joins(Sighting.Joined join) {
    if (!views.isRoom(join.room())) {
      return;
    }
    int slot = slot(join, join.room());
    long after = asked.get(slot);
    if (after >= 0 && join.from() != after + 1) {
      String client = whereabouts.name(join.client());
      findings.add(
          views.anomaly(
              "resumed-elsewhere",
              join,
              () ->
                  client
                      + " asked for what is behind "
                      + views.place(join.room(), after)
                      + ", and was to get what begins with number "
                      + join.from()));
    }
    resumed += joined.get(slot) ? 1 : 0;
    joined.set(slot);
    // where the worker goes on elsewhere, what it leaves out is missed all the same
    next.set(slot, after >= 0 ? after + 1 : join.from());
    asked.set(slot, NONE);
  }

  private void shown(Sighting.Shown shown) {
    findings.compared();
    if (!views.isRoom(shown.room()) || !joined.get(slot(shown, shown.room()))) {
      String client = whereabouts.name(shown.client());
      findings.add(
          views.anomaly(
              "unasked",
              shown,
              () ->
                  client
                      + " was shown "
                      + views.place(shown.room(), shown.index())
                      + " without having joined the room"));
      return;
    }
    int slot = slot(shown, shown.room());
    follows(shown, shown.room(), shown.index(), slot);
    next.set(slot, shown.index() + 1);
  }

  private void skipped(Sighting.Skipped skipped) {
    if (!views.isRoom(skipped.room())) {
      return;
    }
    findings.compared();
    int slot = slot(skipped, skipped.room());
    follows(skipped, skipped.room(), skipped.from(), slot);
    next.set(slot, skipped.to() + 1);
    long behind = views.index().behind(views.slot(skipped.room()), skipped.to());
    if (behind < reachesBack) {
      String client = whereabouts.name(skipped.client());
      findings.add(
          views.anomaly(
              "skipped-needlessly",
              skipped,
              () ->
                  client
                      + " was refused what goes up to "
                      + views.place(skipped.room(), skipped.to())
                      + ", which is only "
                      + behind
                      + " offsets from the end of "
                      + views.topic()
                      + "; promised are "
                      + reachesBack));
    }
  }

  private void follows(Sighting sighting, int room, long index, int slot) {
    long due = next.get(slot);
    if (due == NONE || index == due) {
      return;
    }
    String client = whereabouts.name(sighting.client());
    String kind = index > due ? "missed" : "repeated";
    findings.add(
        views.anomaly(
            kind,
            sighting,
            () ->
                client
                    + " "
                    + (index > due ? "missed " : "was shown again what goes from ")
                    + views.place(room, Math.min(due, index))
                    + (index > due ? " and all up to number " : " up to number ")
                    + (Math.max(due, index) - 1)));
  }

  /// Everybody is where the log ends.
  private void ends() {
    for (int slot = joined.nextSetBit(0); slot >= 0; slot = joined.nextSetBit(slot + 1)) {
      findings.compared();
      int room = slot % rooms;
      long last = views.index().last(views.slot(room));
      long seen = next.get(slot) - 1;
      if (seen < last) {
        String client = whereabouts.name(slot / rooms);
        Sighting end = new Sighting.Asked(0, slot / rooms, room, seen);
        findings.add(
            views.anomaly(
                "never-came",
                end,
                () ->
                    client
                        + " never got "
                        + views.place(room, seen + 1)
                        + (last > seen + 1 ? " and all up to number " + last : "")));
      }
    }
  }

  private int slot(Sighting sighting, int room) {
    return sighting.client() * rooms + room;
  }
}
