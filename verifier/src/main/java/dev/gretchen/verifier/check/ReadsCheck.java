package dev.gretchen.verifier.check;

import dev.gretchen.verifier.truth.ChatFold;
import dev.gretchen.verifier.truth.Sighting;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.Iterator;

/// `reads`: whoever asks for the last posts of a room and says which it has seen never gets an
/// older answer, whichever worker answers, and what it gets are the posts that the log has at these
/// places, none left out.
///
/// Kinds: `went-back`, `other-posts`. A worker that cannot answer in time is no observation.
public final class ReadsCheck {

  private ReadsCheck() {}

  /// Judges all that clients were answered.
  public static Property check(ClientViews views) {
    Findings findings = new Findings();
    Whereabouts whereabouts = new Whereabouts();
    for (Iterator<Sighting> all = views.sightings(); all.hasNext(); ) {
      Sighting sighting = all.next();
      whereabouts.follow(sighting);
      if (sighting instanceof Sighting.Read read) {
        findings.compared();
        boolean back = read.last() < read.seen();
        if (back || !isOfLog(views, read)) {
          String client = whereabouts.name(read.client());
          findings.add(
              views.anomaly(
                  back ? "went-back" : "other-posts",
                  read,
                  () ->
                      client
                          + ", who had seen "
                          + views.place(read.room(), read.seen())
                          + ", was answered with "
                          + read.posts()
                          + " posts up to number "
                          + read.last()
                          + (back ? "" : ", which are not those of " + views.topic())));
        }
      }
    }
    return findings.property(
        "reads:" + views.topic(),
        Section.SAFETY,
        "No room went back for whoever asked for its last posts, at whatever worker.");
  }

  private static boolean isOfLog(ClientViews views, Sighting.Read read) {
    int room = views.slot(read.room());
    long count = Math.min(RecentCheck.KEPT, read.last());
    long hash = 0;
    for (long index = read.last() - count + 1; index <= read.last(); index++) {
      Long id = views.index().id(room, index);
      if (id == null) {
        return false;
      }
      hash = ChatFold.chained(hash, id);
    }
    return read.posts() == count && read.hash() == hash;
  }
}
