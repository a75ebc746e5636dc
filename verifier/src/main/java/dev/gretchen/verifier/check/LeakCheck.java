package dev.gretchen.verifier.check;

import dev.gretchen.verifier.truth.BanHistory;
import dev.gretchen.verifier.truth.BanHistory.Span;
import dev.gretchen.verifier.truth.Sighting;
import dev.gretchen.verifier.truth.Subscriptions;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.time.Duration;
import java.util.Iterator;

/// `leaks`: how long after a ban was published a worker still made a post of that user whole for a
/// client, and how long after its end it still withheld one.
///
/// The bans that workers know come to them by a way of their own, so between the moment at which a
/// ban is published and that at which every worker acts on it a post may leak; longer than promised
/// is an anomaly (`leaked`, `withheld-too-long`). What a client is shown was made after its post
/// was numbered and after the client had asked for it, but perhaps long before it arrived: so it is
/// judged by the later of those two, and a slow way to the client excuses no worker and accuses
/// none. A fault and the time that all need to settle after it do not count.
///
/// How long a ban takes from the input to the last client is a service level, which is measured and
/// told.
public final class LeakCheck {

  /// How long after a fault everybody needs to come right.
  static final long SETTLING_MILLIS = 10_000;

  private final ClientViews views;
  private final BanHistory asked;
  private final BanHistory published;
  private final long most;
  private final Whereabouts whereabouts = new Whereabouts();
  private final Subscriptions subscriptions = new Subscriptions();
  private final Findings findings = new Findings();
  private long longest;
  private long longestUndisturbed;

  private LeakCheck(ClientViews views, BanHistory asked, BanHistory published, Duration most) {
    this.views = views;
    this.asked = asked;
    this.published = published;
    this.most = most.toMillis();
  }

  /// Judges all that clients were shown of users who were banned at some time.
  ///
  /// @param asked bans by the input of the chat
  /// @param published bans by the published table
  /// @param most how long is promised at the most
  public static Property check(
      ClientViews views, BanHistory asked, BanHistory published, Duration most) {
    LeakCheck check = new LeakCheck(views, asked, published, most);
    for (Iterator<Sighting> all = views.sightings(); all.hasNext(); ) {
      Sighting sighting = all.next();
      check.whereabouts.follow(sighting);
      check.subscriptions.follow(sighting);
      if (sighting instanceof Sighting.Shown shown && views.chat().knows(shown.id())) {
        check.shown(shown);
      }
    }
    return check.findings.property(
        "leaks:" + views.topic(),
        Section.LIVENESS,
        "Posts arrived whole for at most "
            + check.longest
            + " ms after a ban of their user was in the log, and apart from faults for "
            + check.longestUndisturbed
            + " ms.");
  }

  private void shown(Sighting.Shown shown) {
    String user = views.chat().user(shown.id());
    if (shown.isWhole()) {
      measure(shown, user);
    }
    long made =
        Math.max(
            views.index().seenAt(views.slot(shown.room()), shown.index()),
            subscriptions.since(shown.client(), shown.room()));
    for (Span span : published.of(user)) {
      if (span.seenAt() > shown.at()) {
        break;
      }
      findings.compared();
      if (shown.isWhole() && span.holdsForCertain(shown.at())) {
        judge("leaked", shown, undisturbed(span.seenAt(), made));
      } else if (!shown.isWhole()
          && span.versions().contains(shown.withheld())
          && span.liftSeenAt() < shown.at()) {
        judge("withheld-too-long", shown, undisturbed(span.liftSeenAt(), made));
      }
    }
  }

  private void measure(Sighting.Shown shown, String user) {
    for (Span span : asked.of(user)) {
      if (span.holdsForCertain(shown.at())) {
        longest = Math.max(longest, shown.at() - span.seenAt());
        longestUndisturbed = Math.max(longestUndisturbed, undisturbed(span.seenAt(), shown.at()));
      }
    }
  }

  private void judge(String kind, Sighting.Shown shown, long millis) {
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
                      + ", made for it when "
                      + (shown.isWhole() ? "a ban had been published" : "the ban had been lifted")
                      + " for "
                      + millis
                      + " undisturbed ms; promised are at most "
                      + most
                      + " ms"));
    }
  }

  /// The milliseconds of a stretch of time that lie in no fault and not shortly after one.
  private long undisturbed(long from, long to) {
    if (to <= from) {
      return 0;
    }
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
