package dev.gretchen.chaos.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Selection;
import dev.gretchen.chaos.fault.Skipped;
import dev.gretchen.chaos.fault.Target;
import dev.gretchen.chaos.plan.Step;
import dev.gretchen.chaos.plan.Trigger;
import dev.gretchen.chaos.process.Processes;
import dev.gretchen.chaos.service.Front;
import dev.gretchen.chaos.service.ServiceChoice;
import dev.gretchen.chaos.service.ServiceKind;
import dev.gretchen.chaos.service.Services;
import dev.gretchen.chaos.worker.UnexpectedExit;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every fault of a service under a caller that goes on calling.
class ServiceFaultsIT {

  private Processes processes;
  private Services services;
  private Front front;
  private volatile boolean calling = true;
  private Thread caller;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    processes = Processes.open(folder);
    services =
        Services.launch(
            Set.of(ServiceKind.MAILER),
            new ServiceChoice.Scripted(),
            processes,
            folder,
            _ -> {},
            InstantSource.system());
    services.awaitHealthy();
    front = services.front(ServiceKind.MAILER);
    caller = Thread.ofVirtual().start(this::call);
  }

  @AfterEach
  void stop() throws Exception {
    calling = false;
    caller.join();
    services.close();
    processes.close();
  }

  private void call() {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (int i = 0; calling; i++) {
        HttpRequest request =
            HttpRequest.newBuilder(front.address().resolve("/mails"))
                .header("Idempotency-Key", "k" + i)
                .timeout(Duration.ofSeconds(1))
                .POST(HttpRequest.BodyPublishers.ofString("{\"order\":\"o" + i + "\"}"))
                .build();
        try {
          client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException _) {
          // that is what the faults are for
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void everyFaultOfAServiceIsProvenByWhatItsCallersSuffered() throws Exception {
    ServiceFaults faults = new ServiceFaults(services.fronts(), new SplittableRandom(3));
    for (FaultKind kind : Selection.SERVICES.kinds()) {
      FaultEntry entry = inject(faults, kind);

      assertThat(entry.proven()).as(entry.toString()).isTrue();
      assertThat(entry.target()).isEqualTo("mailer");
      assertThat(entry.proof()).containsAnyOf("calls of it suffered", "refuses connections");
      assertThat(entry.healedAt() - entry.at()).as("it lasted").isGreaterThanOrEqualTo(300);
    }
  }

  @Test
  void aFaultThatNobodyNoticesIsNotProven() throws Exception {
    calling = false;
    caller.join();
    ServiceFaults faults = new ServiceFaults(services.fronts(), new SplittableRandom(3));

    FaultEntry entry = inject(faults, FaultKind.SERVICE_ERRORS);

    assertThat(entry.proven()).isFalse();
    assertThat(entry.proof()).contains("no call of it suffered");
  }

  @Test
  void withoutServicesThereIsNothingToMisbehave() throws Exception {
    ServiceFaults faults = new ServiceFaults(List.of(), new SplittableRandom(3));

    assertThat(inject(faults, FaultKind.SERVICE_SLOW).proven()).isFalse();
  }

  private static FaultEntry inject(ServiceFaults faults, FaultKind kind) throws Exception {
    Step step =
        new Step(
            1,
            kind,
            new Target.AnyService(),
            new Trigger.AfterHealed(Duration.ZERO),
            Map.of("active-ms", 300L, "percent", 100L));
    Incident incident = new Incident(step, InstantSource.system(), new Nobody());
    faults.misbehave(incident);
    return incident.entry();
  }

  private static final class Nobody implements Journal {
    @Override
    public void excused(UnexpectedExit exit) {}

    @Override
    public void begun(FaultEntry entry) {}

    @Override
    public void proven(FaultEntry entry) {}

    @Override
    public void over(FaultEntry entry) {}

    @Override
    public void skipped(Skipped step) {}

    @Override
    public void unexpectedExit(UnexpectedExit exit) {}
  }
}
