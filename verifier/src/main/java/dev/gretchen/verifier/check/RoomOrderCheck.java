package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.truth.Sighting;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/// `room-order`: whoever reads a room, at whatever worker, sees the same post at the same place:
/// the one that the log has there, whole or withheld.
///
/// Kinds: `other-post`, `not-in-log`.
public final class RoomOrderCheck {

  private RoomOrderCheck() {}

  /// Judges all that clients were shown.
  public static Property check(ClientViews views) {
    Findings findings = new Findings();
    Whereabouts whereabouts = new Whereabouts();
    for (Iterator<Sighting> all = views.sightings(); all.hasNext(); ) {
      Sighting sighting = all.next();
      whereabouts.follow(sighting);
      if (sighting instanceof Sighting.Shown shown) {
        findings.compared();
        int room = views.slot(shown.room());
        Long id = views.index().id(room, shown.index());
        if (id == null || id != shown.id()) {
          String client = whereabouts.name(shown.client());
          findings.add(
              views.anomaly(
                  id == null ? "not-in-log" : "other-post",
                  shown,
                  () ->
                      client
                          + " was shown "
                          + views.witness().event(shown.id())
                          + " as "
                          + views.place(shown.room(), shown.index())
                          + ", where "
                          + views.topic()
                          + there(views, room, shown.index(), id)));
        }
      }
    }
    return findings.property(
        "room-order:" + views.topic(),
        Section.SAFETY,
        "All clients saw the posts of each room at the places that they have in "
            + views.topic()
            + ".");
  }

  private static String there(ClientViews views, int room, long index, @Nullable Long id) {
    return id == null
        ? " has none"
        : " has " + Hex16.of(id) + " (partition " + views.index().where(room, index) + ")";
  }
}
