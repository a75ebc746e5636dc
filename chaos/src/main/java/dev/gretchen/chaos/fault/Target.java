package dev.gretchen.chaos.fault;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Whom a fault hits: a role, resolved when the fault is triggered.
public sealed interface Target {

  /// Any worker that runs, chosen by the plan's seed.
  record AnyWorker() implements Target {
    @Override
    public String toString() {
      return "any worker";
    }
  }

  /// The worker to which the group has assigned the partition.
  record OwnerOf(String topic, int partition) implements Target {
    @Override
    public String toString() {
      return "owner of " + topic + "-" + partition;
    }
  }

  /// All initial workers, one after the other.
  record EachWorker() implements Target {
    @Override
    public String toString() {
      return "each worker";
    }
  }

  /// A worker that does not exist yet.
  record NewWorker() implements Target {
    @Override
    public String toString() {
      return "new worker";
    }
  }

  /// The worker that was added last.
  record NewestWorker() implements Target {
    @Override
    public String toString() {
      return "newest worker";
    }
  }

  /// A broker by its id.
  record Broker(int id) implements Target {
    @Override
    public String toString() {
      return "broker " + id;
    }
  }

  /// The broker that leads the partition.
  record LeaderOf(String topic, int partition) implements Target {
    @Override
    public String toString() {
      return "leader of " + topic + "-" + partition;
    }
  }

  /// All brokers.
  record EachBroker() implements Target {
    @Override
    public String toString() {
      return "each broker";
    }
  }

  /// The broker that coordinates the app's group.
  record GroupCoordinator() implements Target {
    @Override
    public String toString() {
      return "group coordinator";
    }
  }

  /// The broker that coordinates the transactions of some worker.
  record TransactionCoordinator() implements Target {
    @Override
    public String toString() {
      return "transaction coordinator";
    }
  }

  /// The broker that is the active controller.
  record Controller() implements Target {
    @Override
    public String toString() {
      return "controller";
    }
  }

  /// The topic that takes the load.
  record Input(String topic) implements Target {
    @Override
    public String toString() {
      return "input " + topic;
    }
  }

  /// Any service that the app calls, chosen by the plan's seed.
  record AnyService() implements Target {
    @Override
    public String toString() {
      return "any service";
    }
  }

  /// Reads what `toString` wrote.
  ///
  /// @throws IllegalArgumentException where it is none of these forms
  static Target parse(String text) {
    Matcher partition = Syntax.PARTITION.matcher(text);
    if (partition.matches()) {
      String topic = partition.group(2);
      int number = Integer.parseInt(partition.group(3));
      return partition.group(1).equals("owner")
          ? new OwnerOf(topic, number)
          : new LeaderOf(topic, number);
    }
    Matcher broker = Syntax.BROKER.matcher(text);
    if (broker.matches()) {
      return new Broker(Integer.parseInt(broker.group(1)));
    }
    Matcher input = Syntax.INPUT.matcher(text);
    if (input.matches()) {
      return new Input(input.group(1));
    }
    return switch (text) {
      case "any worker" -> new AnyWorker();
      case "each worker" -> new EachWorker();
      case "new worker" -> new NewWorker();
      case "newest worker" -> new NewestWorker();
      case "each broker" -> new EachBroker();
      case "group coordinator" -> new GroupCoordinator();
      case "transaction coordinator" -> new TransactionCoordinator();
      case "controller" -> new Controller();
      case "any service" -> new AnyService();
      default -> throw new IllegalArgumentException("No target of a fault: '" + text + "'");
    };
  }

  /// The forms that carry values.
  final class Syntax {
    private static final Pattern PARTITION = Pattern.compile("(owner|leader) of (.+)-(\\d{1,9})");
    private static final Pattern BROKER = Pattern.compile("broker (\\d{1,9})");
    private static final Pattern INPUT = Pattern.compile("input (\\S+)");

    private Syntax() {}
  }
}
