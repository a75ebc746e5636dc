package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChatEvent;
import dev.gretchen.verifier.load.Chat;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.Sighting;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `client-posts`: what a worker told a client of its post is true.
///
/// A post that it said is in the log lies there (`posted-and-gone`), at that very place. One that
/// it refused, each time that it was sent, is not there (`refused-and-there`). Each copy in the log
/// was sent (`phantom`, `doubled`) and is what the client wrote (`wrong-value`). Memory is an entry
/// for each post of a client.
public final class ClientPostsCheck {

  private record Place(int partition, long offset) {}

  private static final class Post {
    private final int client;
    private int sent;
    private int refused;
    private int copies;
    private final Set<Place> said = new HashSet<>();

    Post(int client) {
      this.client = client;
    }
  }

  private final ClientViews views;
  private final PartitionedLog events;
  private final Map<Long, Post> posts = new HashMap<>();
  private final Findings findings = new Findings();

  private ClientPostsCheck(ClientViews views, PartitionedLog events) {
    this.views = views;
    this.events = events;
  }

  /// Judges what clients were told by the input of the chat.
  public static Property check(ClientViews views, PartitionedLog events) {
    ClientPostsCheck check = new ClientPostsCheck(views, events);
    check.views.sightings().forEachRemaining(check::see);
    for (int p = 0; p < events.partitions(); p++) {
      for (Iterator<LogRecord> records = events.records(p); records.hasNext(); ) {
        LogRecord record = records.next();
        if (record.hasId() && views.chat().audience().has(record.id())) {
          check.observe(record);
        }
      }
    }
    check.posts.forEach(check::gone);
    return check.findings.property(
        "client-posts:" + events.topic(),
        Section.SAFETY,
        "Of "
            + check.posts.size()
            + " posts of clients those are in "
            + events.topic()
            + " of which a client was told so, and none that was refused.");
  }

  private void see(Sighting sighting) {
    switch (sighting) {
      case Sighting.Posted posted ->
          posts.computeIfAbsent(posted.id(), _ -> new Post(posted.client())).sent++;
      case Sighting.Answered answered -> {
        findings.compared();
        Post post = posts.computeIfAbsent(answered.id(), _ -> new Post(answered.client()));
        switch (answered.answer()) {
          case IN_LOG -> post.said.add(new Place(answered.partition(), answered.offset()));
          case REFUSED -> post.refused++;
          case UNKNOWN -> {}
        }
      }
      case Sighting.Connected _,
          Sighting.Asked _,
          Sighting.Joined _,
          Sighting.Shown _,
          Sighting.Skipped _,
          Sighting.TriedToBan _,
          Sighting.Read _,
          Sighting.Parted _ -> {}
    }
  }

  private void observe(LogRecord record) {
    findings.compared();
    Chat chat = views.chat();
    long id = record.id();
    Post post = posts.get(id);
    if (post == null) {
      add("phantom", record, "holds " + views.witness().event(id) + ", which no client sent");
      return;
    }
    post.copies++;
    post.said.remove(new Place(record.partition(), record.offset()));
    ChatEvent event = ChatEvent.decode(record.key(), record.value());
    ChatEvent wrote =
        new ChatEvent.Post(chat.user(id), chat.rooms().get(chat.room(id)), chat.text(id));
    if (!wrote.equals(event)) {
      add("wrong-value", record, "differs from " + views.witness().event(id));
    }
    if (post.copies > post.sent) {
      add(
          "doubled",
          record,
          "holds " + views.witness().event(id) + " once more than it was sent, " + post.sent);
    } else if (post.refused == post.sent) {
      add(
          "refused-and-there",
          record,
          "holds " + views.witness().event(id) + ", which was refused each time that it was sent");
    }
  }

  private void gone(long id, Post post) {
    for (Place place : post.said) {
      findings.add(() ->
          new Anomaly(
              "posted-and-gone",
              "Client "
                  + post.client
                  + " was told that "
                  + views.witness().event(id)
                  + " is at "
                  + events.place(place.partition())
                  + "@"
                  + place.offset()
                  + ", and it is not there.",
              List.of()));
    }
  }

  private void add(String kind, LogRecord record, String what) {
    findings.add(() ->
        new Anomaly(
            kind,
            Witness.at(events.topic(), record) + " " + what + ".",
            List.of(views.witness().exhibit(events.topic(), record, kind)),
            record.observedAt()));
  }
}
