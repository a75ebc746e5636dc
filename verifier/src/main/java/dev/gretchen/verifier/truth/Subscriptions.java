package dev.gretchen.verifier.truth;

import java.util.HashMap;
import java.util.Map;

/// Since when each client of a chat asks for what it is shown of a room, while its sightings are
/// gone through: what it is shown was made for it no sooner.
public final class Subscriptions {

  private record Place(int client, int room) {}

  private final Map<Place, Long> asked = new HashMap<>();
  private final Map<Place, Long> since = new HashMap<>();

  /// What comes between a client's word and the answer to it is what it had asked for before.
  public void follow(Sighting sighting) {
    switch (sighting) {
      case Sighting.Asked ask -> asked.put(new Place(ask.client(), ask.room()), ask.at());
      case Sighting.Joined joined -> {
        Place place = new Place(joined.client(), joined.room());
        Long at = asked.remove(place);
        if (at != null) {
          since.put(place, at);
        }
      }
      case Sighting.Connected _,
          Sighting.Shown _,
          Sighting.Skipped _,
          Sighting.Posted _,
          Sighting.Answered _,
          Sighting.Read _,
          Sighting.TriedToBan _,
          Sighting.Parted _ -> {}
    }
  }

  /// When a client asked for what it is shown of a room, epoch milliseconds; 0 where it never did.
  public long since(int client, int room) {
    return since.getOrDefault(new Place(client, room), 0L);
  }
}
