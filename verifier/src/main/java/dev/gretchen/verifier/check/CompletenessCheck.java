package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.truth.BanHistory;
import dev.gretchen.verifier.truth.BanHistory.Span;
import dev.gretchen.verifier.truth.Sighting;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `complete-before-served`: a worker shows nobody anything before its copy of the bans holds all
/// that there was when its process started.
///
/// Nobody outside can look into the copy. But every post of a user whose ban was in the published
/// table before the process started, and is not lifted, must be withheld by that process from its
/// first frame on, without any time to learn: what it shows whole of such a user, it has shown too
/// early (`served-too-early`). What counts as compared are the posts of such users, shown either
/// way.
public final class CompletenessCheck {

  private static final String NAME = "complete-before-served:";

  private CompletenessCheck() {}

  /// Judges all that clients were shown by processes of which it is known when they started.
  ///
  /// @param bans by the published table
  /// @param audit in which workers tell of their start
  public static Property check(ClientViews views, BanHistory bans, List<AuditEvent> audit) {
    Map<String, Long> starts = new HashMap<>();
    audit.stream()
        .filter(event -> event.event().equals("started"))
        .forEach(event -> starts.putIfAbsent(event.incarnation(), event.at()));
    if (starts.isEmpty()) {
      return Property.skipped(
          NAME + views.topic(), Section.SAFETY, "no worker tells when its process starts");
    }
    Findings findings = new Findings();
    Whereabouts whereabouts = new Whereabouts();
    for (Iterator<Sighting> all = views.sightings(); all.hasNext(); ) {
      Sighting sighting = all.next();
      whereabouts.follow(sighting);
      Whereabouts.Host host = whereabouts.of(sighting.client());
      Long start = host == null ? null : starts.get(host.incarnation());
      if (start == null
          || !(sighting instanceof Sighting.Shown shown)
          || !views.chat().knows(shown.id())) {
        continue;
      }
      String user = views.chat().user(shown.id());
      Span span = known(bans.of(user), start, shown.at());
      if (span == null) {
        continue;
      }
      findings.compared();
      if (shown.isWhole()) {
        long before = start - span.seenAt();
        String client = whereabouts.name(shown.client());
        findings.add(
            views.anomaly(
                "served-too-early",
                shown,
                () ->
                    client
                        + " was shown "
                        + views.witness().event(shown.id())
                        + ", "
                        + views.place(shown.room(), shown.index())
                        + ", of "
                        + user
                        + ", whose ban of version "
                        + span.versions().getLast()
                        + " was in the table of bans "
                        + before
                        + " ms before that process started"));
      }
    }
    return findings.property(
        NAME + views.topic(),
        Section.SAFETY,
        "No process showed a post of a user who was banned before it started.");
  }

  /// The ban that a process knew from its start on and that still holds.
  private static @Nullable Span known(List<Span> spans, long start, long at) {
    return spans.stream()
        .filter(span -> span.seenAt() < start && span.holdsForCertain(at))
        .findFirst()
        .orElse(null);
  }
}
