package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.broker.BrokerControl;
import dev.gretchen.chaos.broker.BrokerFaults;
import dev.gretchen.chaos.worker.Readiness;
import dev.gretchen.chaos.worker.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Puts things right: a worker after a fault, or everything at the end.
final class Healing {
  /// How long a broker may take to be registered again.
  static final Duration BROKER_TIMEOUT = Duration.ofSeconds(60);

  private static final Duration POLL = Duration.ofMillis(100);

  private final Field field;

  Healing(Field field) {
    this.field = field;
  }

  /// Starts the worker where it is down and waits until it is ready; the incident is healed then.
  void worker(Incident incident, String worker) throws InterruptedException {
    incident.announceEffect();
    Readiness readiness = startAndAwait(worker);
    if (readiness.isReady()) {
      incident.healed();
    } else {
      incident.notHealed(worker + " is " + readiness.describe());
    }
  }

  private Readiness startAndAwait(String worker) throws InterruptedException {
    Workers workers = field.workers();
    if (!workers.isRunning(worker)) {
      workers.start(worker);
    }
    return workers.awaitReady(worker, Workers.READY_TIMEOUT);
  }

  /// Starts the broker where it is down and waits until it is registered.
  void broker(Incident incident, BrokerControl control, int id) throws InterruptedException {
    incident.announceEffect();
    if (!control.isAlive(id)) {
      control.restart(id);
    }
    if (awaitRegistered(control, id)) {
      incident.healed();
    } else {
      incident.notHealed("broker " + id + " is not registered");
    }
  }

  /// Waits until all replicas have caught up: until then, one more broker less is two less.
  void replicas(Incident incident) throws InterruptedException {
    if (field.operator().awaitInSync(BROKER_TIMEOUT)) {
      incident.healed();
    } else {
      incident.notHealed("not all replicas have caught up");
    }
  }

  /// Waits until the cluster has it among its brokers again.
  static boolean awaitRegistered(BrokerControl control, int id) throws InterruptedException {
    long deadline = System.nanoTime() + BROKER_TIMEOUT.toNanos();
    while (System.nanoTime() < deadline) {
      if (control.registered(Duration.ofSeconds(2)).contains(id)) {
        return true;
      }
      Thread.sleep(POLL);
    }
    return false;
  }

  /// All brokers up, all initial workers ready, no added worker left.
  ///
  /// @return what could not be healed, a sentence each
  List<String> everything() throws InterruptedException {
    List<String> failures = new ArrayList<>();
    field.ways().clear();
    if (field.brokerFaults() instanceof BrokerFaults.Supported(BrokerControl control)) {
      brokers(control, failures);
    }
    field.workers().names().forEach(field.workers()::resume);
    dismissAdded();
    restoreDisks();
    for (String worker : field.workers().initial()) {
      if (!field.workers().isRunning(worker)) {
        field.workers().start(worker);
      }
    }
    field
        .workers()
        .awaitAllReady(Workers.READY_TIMEOUT)
        .forEach((worker, readiness) -> {
          if (!readiness.isReady()) {
            failures.add("Worker " + worker + " is " + readiness.describe());
          }
        });
    return failures;
  }

  private static void brokers(BrokerControl control, List<String> failures)
      throws InterruptedException {
    for (int id : control.ids()) {
      control.resume(id);
      if (control.isDiskSmall(id)) {
        if (control.isAlive(id)) {
          control.kill(id);
        }
        control.restoreDisk(id);
      }
      if (!control.isAlive(id)) {
        control.restart(id);
      }
    }
    for (int id : control.ids()) {
      if (!awaitRegistered(control, id)) {
        failures.add("Broker " + id + " is not registered");
      }
    }
  }

  /// A fault that was broken off leaves its small disk behind.
  private void restoreDisks() throws InterruptedException {
    Workers workers = field.workers();
    for (String worker : workers.names()) {
      if (workers.isDiskSmall(worker)) {
        if (workers.isRunning(worker)) {
          workers.kill(worker);
        }
        workers.restoreDisk(worker);
      }
    }
  }

  /// Workers that were added leave in order: a fault that means all means those that there were at
  /// first, and whoever else is there would go on in their place.
  void dismissAdded() throws InterruptedException {
    Workers workers = field.workers();
    for (String worker : workers.names()) {
      if (!workers.initial().contains(worker)) {
        if (workers.isRunning(worker)
            && workers.stopGracefully(worker, Workers.STOP_TIMEOUT).exitStatus().isEmpty()) {
          workers.kill(worker);
        }
        workers.remove(worker);
      }
    }
  }
}
