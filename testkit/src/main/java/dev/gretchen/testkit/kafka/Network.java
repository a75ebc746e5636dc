package dev.gretchen.testkit.kafka;

import dev.gretchen.testkit.sim.Scheduler;
import dev.gretchen.testkit.sim.SimMonitor;
import dev.gretchen.testkit.sim.SimProcess;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/// Carries requests to the brokers and replies back, in virtual time, and loses some.
///
/// Requests of one process may overtake one another, as they do on several connections; a client
/// that needs order waits for one reply before it sends the next.
public final class Network {

  private final Scheduler scheduler;
  private final SimBrokers brokers;
  private final Disturbance disturbance;

  public Network(Scheduler scheduler, SimBrokers brokers, Disturbance disturbance) {
    this.scheduler = scheduler;
    this.brokers = brokers;
    this.disturbance = disturbance;
  }

  public Scheduler scheduler() {
    return scheduler;
  }

  /// Sends a request.
  ///
  /// @param outcome told once, on the scheduler's own turn: the reply, or null where the connection
  ///   broke, and nobody knows whether the request was carried out. Never told to a killed process
  public <R extends Reply> void send(
      SimProcess from, Request<R> request, Consumer<@Nullable R> outcome) {
    SimProcess world = scheduler.world();
    switch (disturbance.fateOf(from, request)) {
      case Fate.Delivered(long there, long back) ->
          scheduler.after(
              world,
              there,
              () ->
                  brokers.handle(
                      request,
                      reply ->
                          scheduler.after(
                              from, back, () -> deliver(from, request, reply, outcome))));
      case Fate.RequestLost(long noticed) ->
          scheduler.after(from, noticed, () -> lost(from, request, outcome));
      case Fate.ReplyLost(long there, long noticed) -> {
        scheduler.after(world, there, () -> brokers.handle(request, _ -> {}));
        scheduler.after(from, there + noticed, () -> lost(from, request, outcome));
      }
      case Fate.Refused(long after, Errors error) ->
          scheduler.after(
              from, after, () -> deliver(from, request, brokers.refusal(request, error), outcome));
    }
  }

  /// Sends a request and waits, in a fiber.
  ///
  /// @return the reply, or null where the connection broke or the time has passed
  public <R extends Reply> @Nullable R call(SimProcess from, Request<R> request, Duration bound) {
    scheduler.requireAlive();
    SimMonitor monitor = new SimMonitor(scheduler);
    Answer<R> answer = new Answer<>();
    send(
        from,
        request,
        reply -> {
          answer.reply = reply;
          answer.arrived = true;
          monitor.signal();
        });
    monitor.await(() -> answer.arrived, bound);
    return answer.reply;
  }

  private static final class Answer<R> {
    private @Nullable R reply;
    private boolean arrived;
  }

  private <R extends Reply> void deliver(
      SimProcess from, Request<R> request, R reply, Consumer<@Nullable R> outcome) {
    scheduler.note(from, request.api(), reply.error().code(), 0);
    outcome.accept(reply);
  }

  private <R extends Reply> void lost(
      SimProcess from, Request<R> request, Consumer<@Nullable R> outcome) {
    scheduler.note(from, "lost " + request.api(), 0, 0);
    outcome.accept(null);
  }
}
