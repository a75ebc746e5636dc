package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.ChatEvent;
import dev.gretchen.verifier.truth.ChatFold;
import dev.gretchen.verifier.truth.ChatFold.Decision;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.Sighting;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.Iterator;
import java.util.List;

/// `moderators`: nobody bans or unbans but who may: clients that are no moderators try, and no ban
/// and no unban is in the log but those of the load.
///
/// What counts as compared are their attempts. Kind: `banned-by-a-stranger`.
public final class ModeratorsCheck {

  private ModeratorsCheck() {}

  /// Judges the bans and unbans of the input.
  public static Property check(ClientViews views, PartitionedLog events) {
    Findings findings = new Findings();
    for (Iterator<Sighting> all = views.sightings(); all.hasNext(); ) {
      if (all.next() instanceof Sighting.TriedToBan) {
        findings.compared();
      }
    }
    for (int p = 0; p < events.partitions(); p++) {
      for (ChatFold fold = new ChatFold(events.records(p)); fold.hasNext(); ) {
        Decision decision = fold.next();
        ChatEvent event = decision.event();
        if (event != null
            && decision.fate() == ChatFold.Fate.MODERATION
            && views.witness().plan().indexOf(decision.record().id()) < 0) {
          findings.add(() -> stranger(views, events.topic(), event, decision.record()));
        }
      }
    }
    return findings.property(
        "moderators:" + events.topic(),
        Section.SAFETY,
        "Nobody who is no moderator banned anybody, though some tried.");
  }

  private static Anomaly stranger(
      ClientViews views, String topic, ChatEvent event, LogRecord record) {
    return new Anomaly(
        "banned-by-a-stranger",
        Witness.at(topic, record)
            + " holds a "
            + (event instanceof ChatEvent.Ban ? "ban" : "unban")
            + " of "
            + event.user()
            + " that no moderator asked for.",
        List.of(views.witness().exhibit(topic, record, "nobody who may asked for it")),
        record.observedAt());
  }
}
