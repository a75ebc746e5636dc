package dev.gretchen.verifier.check;

import dev.gretchen.verifier.truth.BanHistory;
import dev.gretchen.verifier.truth.BanHistory.Span;
import dev.gretchen.verifier.truth.Sighting;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.time.Duration;
import java.util.Iterator;

/// `leaks`: how long after a ban was seen in the log a post of that user still came whole, and how
/// long after its end one was still withheld.
///
/// The bans that workers know come to them by a way of their own, so between the moment at which a
/// ban is in the log and that at which every worker acts on it a post may leak. This is a service
/// level, and it is measured; beyond the promised time it is an anomaly (`leaked`,
/// `withheld-too-long`). A fault and the time that all need to settle after it do not count.
public final class LeakCheck {

  /// How long after a fault everybody needs to come right.
  static final long SETTLING_MILLIS = 10_000;

  private final ClientViews views;
  private final BanHistory bans;
  private final long most;
  private final Whereabouts whereabouts = new Whereabouts();
  private final Findings findings = new Findings();
  private long longest;
  private long longestUndisturbed;

  private LeakCheck(ClientViews views, BanHistory bans, Duration most) {
    this.views = views;
    this.bans = bans;
    this.most = most.toMillis();
  }

  /// Judges all that clients were shown of users who were banned at some time.
  ///
  /// @param bans by the input of the chat
  /// @param most how long is promised at the most
  public static Property check(ClientViews views, BanHistory bans, Duration most) {
    LeakCheck check = new LeakCheck(views, bans, most);
    for (Iterator<Sighting> all = views.sightings(); all.hasNext(); ) {
      Sighting sighting = all.next();
      check.whereabouts.follow(sighting);
      if (sighting instanceof Sighting.Shown shown && views.chat().knows(shown.id())) {
        check.shown(shown);
      }
    }
    return check.findings.property(
        "leaks:" + views.topic(),
        Section.LIVENESS,
        "Posts came whole for at most "
            + check.longest
            + " ms after a ban of their user was in the log, and apart from faults for "
            + check.longestUndisturbed
            + " ms.");
  }

  private void shown(Sighting.Shown shown) {
    String user = views.chat().user(shown.id());
    for (Span span : bans.of(user)) {
      if (span.seenAt() > shown.at()) {
        break;
      }
      findings.compared();
      if (shown.isWhole() && span.holdsForCertain(shown.at())) {
        longest = Math.max(longest, shown.at() - span.seenAt());
        longestUndisturbed = Math.max(longestUndisturbed, undisturbed(span.seenAt(), shown.at()));
        judge("leaked", shown, span.seenAt(), " of whom a ban was in the log for ");
      } else if (!shown.isWhole()
          && span.versions().contains(shown.withheld())
          && span.liftSeenAt() < shown.at()) {
        judge("withheld-too-long", shown, span.liftSeenAt(), " whose ban had been lifted for ");
      }
    }
  }

  private void judge(String kind, Sighting.Shown shown, long since, String how) {
    long millis = undisturbed(since, shown.at());
    if (millis > most) {
      String client = whereabouts.name(shown.client());
      findings.add(
          views.anomaly(
              kind,
              shown,
              () ->
                  client
                      + (shown.isWhole() ? " was shown " : " was refused ")
                      + views.witness().event(shown.id())
                      + ", "
                      + views.place(shown.room(), shown.index())
                      + ", of "
                      + views.chat().user(shown.id())
                      + ","
                      + how
                      + millis
                      + " undisturbed ms; promised are at most "
                      + most
                      + " ms"));
    }
  }

  /// The milliseconds of a stretch of time that lie in no fault and not shortly after one.
  private long undisturbed(long from, long to) {
    long at = from;
    long free = 0;
    for (Moment fault : views.witness().faults()) {
      long end = Math.max(fault.at(), fault.healedAt()) + SETTLING_MILLIS;
      if (end <= at || fault.at() >= to) {
        continue;
      }
      free += Math.max(0, fault.at() - at);
      at = Math.max(at, end);
    }
    return free + Math.max(0, to - at);
  }
}
