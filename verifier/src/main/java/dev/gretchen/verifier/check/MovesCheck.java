package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.AuditEvent;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `moves-caused`: no task moves from one worker to another without a cause.
///
/// What a cause is, and for how long it explains moves, says [Causes]; it explains no more than
/// [#MOVES_MAX] of one task: to whoever can go on at once, and from there to where it is to stay.
/// Kinds: `moved-without-cause`, `moved-again`.
public final class MovesCheck {

  /// How often one task may move for one cause.
  public static final int MOVES_MAX = 2;

  /// The property's name.
  public static final String NAME = "moves-caused";

  private static final class Place {
    private String owner;
    private long causeAt = Long.MIN_VALUE;
    private int moves;

    Place(String owner) {
      this.owner = owner;
    }
  }

  private final Findings findings = new Findings();
  private final Causes causes;
  private final Map<InputTask, Place> places = new HashMap<>();

  private MovesCheck(List<AuditEvent> audit, List<Moment> faults) {
    this.causes = new Causes(audit, faults);
  }

  /// Judges what workers told.
  ///
  /// @param audit in the order of time
  public static Property check(List<AuditEvent> audit, List<Moment> faults) {
    MovesCheck check = new MovesCheck(audit, faults);
    for (AuditEvent event : audit) {
      if (event.event().equals("assigned") && event.partition() >= 0) {
        check.assigned(event);
      }
    }
    return check.findings.property(NAME, Section.LIVENESS, "Each move of a task had a cause.");
  }

  private void assigned(AuditEvent event) {
    findings.compared();
    InputTask task = new InputTask(event.topic(), event.partition());
    Place place = places.get(task);
    if (place == null) {
      places.put(task, new Place(event.worker()));
      return;
    }
    if (place.owner.equals(event.worker())) {
      return;
    }
    String before = place.owner;
    place.owner = event.worker();
    Long cause = causes.of(event.at());
    if (cause == null) {
      accuse("moved-without-cause", event, before, "nobody came, left, died or was disturbed");
      return;
    }
    place.moves = cause == place.causeAt ? place.moves + 1 : 1;
    place.causeAt = cause;
    if (place.moves > MOVES_MAX) {
      accuse("moved-again", event, before, "it is the move number " + place.moves + " since then");
    }
  }

  private void accuse(String kind, AuditEvent event, String before, String why) {
    findings.add(() ->
        new Anomaly(
            kind,
            "%s-%d moved from %s to %s in generation %d, and %s%s."
                .formatted(
                    event.topic(),
                    event.partition(),
                    before,
                    event.worker(),
                    event.generation(),
                    why,
                    causes.since(event.at())),
            List.of(),
            event.at()));
  }
}
