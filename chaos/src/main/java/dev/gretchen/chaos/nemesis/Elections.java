package dev.gretchen.chaos.nemesis;

/// B4: partitions that get another leader, and groups and transactions another coordinator, while
/// all brokers are well.
final class Elections {
  private final Operator operator;
  private final Field field;
  private final Healing healing;

  Elections(Field field, Healing healing) {
    this.operator = field.operator();
    this.field = field;
    this.healing = healing;
  }

  void move(Incident incident) throws InterruptedException {
    incident.actsNow();
    for (int i = 0; i < incident.step().parameter("times"); i++) {
      int moved = operator.moveLeaders();
      if (moved > 0) {
        incident.observed(moved + " partitions have another leader");
      } else {
        incident.missing("no partition has another leader");
      }
      Thread.sleep(incident.step().parameter("gap-ms"));
    }
    for (String worker : field.workers().initial()) {
      healing.worker(incident, worker);
    }
  }
}
