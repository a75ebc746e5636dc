package dev.gretchen.verifier.check;

import dev.gretchen.verifier.truth.BanHistory;
import dev.gretchen.verifier.truth.BanHistory.Span;
import dev.gretchen.verifier.truth.Sighting;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.Iterator;

/// `withholding`: a post is withheld from a client only because its user is banned, and by a ban
/// that there was: nobody is silenced who never was banned.
///
/// How soon a ban must be felt, and its end, is another question, for `leaks`. Kinds:
/// `withheld-without-ban`, `withheld-against-promise`.
public final class WithholdingCheck {

  private WithholdingCheck() {}

  /// Judges all that clients were shown.
  ///
  /// @param bans by the input of the chat
  /// @param promised whether the app withholds at all
  public static Property check(ClientViews views, BanHistory bans, boolean promised) {
    Findings findings = new Findings();
    Whereabouts whereabouts = new Whereabouts();
    long withheld = 0;
    for (Iterator<Sighting> all = views.sightings(); all.hasNext(); ) {
      Sighting sighting = all.next();
      whereabouts.follow(sighting);
      if (!(sighting instanceof Sighting.Shown shown) || !views.chat().knows(shown.id())) {
        continue;
      }
      findings.compared();
      if (shown.isWhole()) {
        continue;
      }
      withheld++;
      String user = views.chat().user(shown.id());
      Span span = bans.of(user, shown.withheld());
      boolean banned = span != null && span.askedAt() <= shown.at();
      if (!promised || !banned) {
        String client = whereabouts.name(shown.client());
        findings.add(
            views.anomaly(
                banned ? "withheld-against-promise" : "withheld-without-ban",
                shown,
                () ->
                    "From "
                        + client
                        + " was withheld "
                        + views.witness().event(shown.id())
                        + ", "
                        + views.place(shown.room(), shown.index())
                        + ", by a ban of "
                        + user
                        + " of version "
                        + shown.withheld()
                        + (banned
                            ? ", though the app says that it never does"
                            : ", and there is none")));
      }
    }
    return findings.property(
        "withholding:" + views.topic(),
        Section.SAFETY,
        withheld + " times a post was withheld, each by a ban of its user.");
  }
}
