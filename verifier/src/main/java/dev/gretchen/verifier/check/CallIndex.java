package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.ServiceJson;
import dev.gretchen.verifier.load.Barrier;
import dev.gretchen.verifier.truth.ServiceCall;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The calls of a run by service and event, each reduced to what checkers ask: about a hundred
/// bytes for each call. Calls for the markers behind the load are left out.
public final class CallIndex {

  /// One call.
  ///
  /// @param event the id of the event that it was for
  /// @param key what the caller called it by
  /// @param caller what the caller said of itself
  /// @param told what the answer said, null where none was given as a whole
  public record Attempt(
      long event,
      String key,
      Caller caller,
      long at,
      long ended,
      String fate,
      int status,
      @Nullable String told) {

    /// Whether an answer that serves was given; its caller may have given up before.
    boolean isAnswered() {
      boolean right = fate.equals("good") || fate.equals("slow");
      return right && status >= 200 && status < 300 && told != null;
    }

    /// Whether its caller was given an answer that serves. A caller's time-out begins before its
    /// request is here and ends after the answer has left, by as much as a busy machine makes it
    /// wait: beyond half of the time-out nobody but the caller knows.
    boolean isGood(long timeoutMillis) {
      return isAnswered() && took() < timeoutMillis / 2;
    }

    /// Whether it was the service that ended the call, at that moment, and not its caller.
    boolean wasEndedHere(long timeoutMillis) {
      return !fate.equals("silent") && !fate.equals("cut") && took() < timeoutMillis / 2;
    }

    /// When its caller knew that it was over, at the latest.
    long over(long timeoutMillis) {
      return Math.min(ended, at + timeoutMillis);
    }

    private long took() {
      return ended - at;
    }
  }

  private final Map<String, List<Attempt>> byService = new HashMap<>();
  private final Map<String, Map<Long, List<Attempt>>> byEvent = new HashMap<>();
  private final List<ServiceCall> nameless = new ArrayList<>();

  private CallIndex() {}

  /// Reads the calls of a run.
  public static CallIndex of(Iterator<ServiceCall> calls) {
    CallIndex index = new CallIndex();
    while (calls.hasNext()) {
      index.add(calls.next());
    }
    index.byService.values().forEach(all -> all.sort(Comparator.comparingLong(Attempt::at)));
    index
        .byEvent
        .values()
        .forEach(events ->
            events
                .values()
                .forEach(attempts -> attempts.sort(Comparator.comparingLong(Attempt::at))));
    return index;
  }

  private void add(ServiceCall call) {
    if (call.request().contains(Barrier.MARKER)) {
      return;
    }
    String event =
        call.service().equals("mailer") ? ServiceJson.mailedOrder(call.request()) : call.id();
    long id;
    try {
      id = Hex16.parse(event);
    } catch (IllegalArgumentException _) {
      nameless.add(call);
      return;
    }
    String told = call.answer().isEmpty() ? null : ServiceJson.told(call.service(), call.answer());
    Attempt attempt =
        new Attempt(
            id,
            call.id(),
            Caller.of(call.attempt()),
            call.at(),
            call.ended(),
            call.fate().intern(),
            call.status(),
            told);
    byService.computeIfAbsent(call.service(), _ -> new ArrayList<>()).add(attempt);
    byEvent
        .computeIfAbsent(call.service(), _ -> new HashMap<>())
        .computeIfAbsent(id, _ -> new ArrayList<>(1))
        .add(attempt);
  }

  /// All calls of a service, by time.
  public List<Attempt> all(String service) {
    return Collections.unmodifiableList(byService.getOrDefault(service, List.of()));
  }

  /// The calls of a service for an event, by time.
  public List<Attempt> attempts(String service, long event) {
    return byEvent.getOrDefault(service, Map.of()).getOrDefault(event, List.of());
  }

  /// The calls of a service by event.
  Map<Long, List<Attempt>> events(String service) {
    return byEvent.getOrDefault(service, Map.of());
  }

  /// Calls that do not say what they are for.
  List<ServiceCall> nameless() {
    return nameless;
  }
}
