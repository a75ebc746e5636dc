package dev.gretchen.verifier.check;

import dev.gretchen.verifier.load.Chat;
import dev.gretchen.verifier.truth.History;
import dev.gretchen.verifier.truth.RoomIndex;
import dev.gretchen.verifier.truth.Sighting;
import dev.gretchen.verifier.verdict.Anomaly;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;

/// What the checks of a chat's clients have in common: what the clients saw, and the log of
/// numbered posts that it is held against.
///
/// @param topic the topic of numbered posts
/// @param index of that topic
public record ClientViews(Witness witness, History history, String topic, RoomIndex index) {

  Chat chat() {
    return witness.plan().chat();
  }

  Iterator<Sighting> sightings() {
    return history.sightings();
  }

  /// A room's number in the index.
  int slot(int room) {
    return isRoom(room) ? index.room(name(room)) : -1;
  }

  boolean isRoom(int room) {
    return room >= 0 && room < chat().rooms().size();
  }

  /// A room's name.
  String name(int room) {
    return isRoom(room) ? chat().rooms().get(room) : "of no name";
  }

  /// A place in a room, in words.
  String place(int room, long index) {
    return "number " + index + " of " + name(room);
  }

  /// An anomaly of something that was seen.
  Supplier<Anomaly> anomaly(String kind, Sighting at, Supplier<String> sentence) {
    return () ->
        new Anomaly(kind, sentence.get() + witness.after(at.at()) + ".", List.of(), at.at());
  }
}
