package dev.gretchen.chaos.nemesis;

import dev.gretchen.chaos.service.Front;
import dev.gretchen.chaos.service.Misbehaviour;
import java.util.List;
import java.util.random.RandomGenerator;

/// X: services that misbehave for a while. What proves a fault are the calls that have suffered, as
/// the front counted them, or that nobody could connect.
final class ServiceFaults {
  private static final long POLL_MILLIS = 50;

  /// How much longer than planned a fault lasts where no call has come yet.
  private static final long WAIT_FOR_CALL_MILLIS = 5_000;

  private final List<Front> services;
  private final RandomGenerator random;

  ServiceFaults(List<Front> services, RandomGenerator random) {
    this.services = services;
    this.random = random;
  }

  void misbehave(Incident incident) throws InterruptedException {
    Misbehaviour misbehaviour = incident.step().kind().misbehaviour().orElseThrow();
    if (services.isEmpty()) {
      incident.missing("there is no service to misbehave");
      return;
    }
    Front service = services.get(random.nextInt(services.size()));
    incident.hitsService(service.kind().word());
    int percent = (int) incident.step().parameter("percent");
    long seed = random.nextLong();
    long suffered;
    try {
      incident.actsNow();
      String atOnce = service.misbehave(misbehaviour, percent, seed);
      if (!atOnce.isEmpty()) {
        incident.observed(atOnce);
      }
      Thread.sleep(incident.step().parameter("active-ms"));
      if (!misbehaviour.closesPort()) {
        awaitSuffering(service);
      }
    } finally {
      suffered = service.behave();
    }
    if (suffered > 0) {
      incident.observed(suffered + " calls of it suffered (" + misbehaviour.word() + ")");
    } else if (!misbehaviour.closesPort()) {
      incident.missing("no call of it suffered (" + misbehaviour.word() + ")");
    }
    incident.announceEffect();
    incident.healed();
  }

  private static void awaitSuffering(Front service) throws InterruptedException {
    for (long waited = 0;
        waited < WAIT_FOR_CALL_MILLIS && service.suffered() == 0;
        waited += POLL_MILLIS) {
      Thread.sleep(POLL_MILLIS);
    }
  }
}
