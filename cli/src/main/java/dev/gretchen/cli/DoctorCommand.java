package dev.gretchen.cli;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Omission;
import dev.gretchen.chaos.machine.Machine;
import dev.gretchen.chaos.machine.Mechanism;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `gretchen doctor`: what this machine can do, and how each fault would be done.
@Command(
    name = "doctor",
    description = {
      "Tries what this machine offers (signals, namespaces, small disks and the like) and says how each fault"
          + " would be done on it, or why it is SKIPPED. Nothing stays.",
      "",
      "Example: ./gretchen doctor --json"
    },
    footer = {
      "",
      "Exit status: 0 where faults can be injected, with some SKIPPED or none; 3 where not even signals work."
    })
final class DoctorCommand implements Callable<Integer> {

  @Option(names = "--json", description = "as JSON")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Machine machine = probe();
    System.out.print(json ? toJson(machine) : toText(machine));
    return machine.finding(Mechanism.SIGNALS).works() ? ExitStatus.OK : ExitStatus.ENVIRONMENT;
  }

  private static Machine probe() throws InterruptedException {
    try {
      Path scratch = Files.createTempDirectory("gretchen-doctor");
      try {
        return Machine.probe(scratch);
      } finally {
        Files.deleteIfExists(scratch);
      }
    } catch (IOException cause) {
      throw new UncheckedIOException("cannot use the folder for temporary files", cause);
    }
  }

  private static String toText(Machine machine) {
    StringBuilder text = new StringBuilder("This machine:\n");
    for (Mechanism mechanism : Mechanism.values()) {
      var finding = machine.finding(mechanism);
      text.append(
          line(
              "  %-11s %-7s %s"
                  .formatted(mechanism.word(), works(finding.works()), finding.text())));
    }
    text.append("\nFaults:\n");
    for (FaultKind kind : FaultKind.values()) {
      Optional<String> obstacle = kind.need().obstacle(machine);
      text.append(
          line(
              "  %-4s %-29s %-7s %s"
                  .formatted(
                      kind.id(),
                      kind.word(),
                      obstacle.isEmpty() ? "yes" : "SKIPPED",
                      obstacle.orElse(kind.need().means()))));
    }
    for (Omission omission : Omission.values()) {
      text.append(
          line(
              "  %-4s %-29s %-7s %s"
                  .formatted(omission.id(), omission.word(), "SKIPPED", omission.reason())));
    }
    long skipped = skipped(machine);
    text.append(
        "\n%d kinds of faults, %d of them SKIPPED on this machine; %d more of the catalogue are SKIPPED on any.\n"
            .formatted(FaultKind.values().length, skipped, Omission.values().length));
    text.append(
        "An app without failpoints or a cluster that is not ours may lack more; a run says so.\n");
    return text.toString();
  }

  private static String works(boolean works) {
    return works ? "works" : "missing";
  }

  private static String line(String text) {
    return text.stripTrailing() + "\n";
  }

  private static long skipped(Machine machine) {
    return Arrays.stream(FaultKind.values())
        .filter(kind -> kind.need().obstacle(machine).isPresent())
        .count();
  }

  private static String toJson(Machine machine) {
    ObjectNode root = JsonMapper.shared().createObjectNode();
    root.put("schema", "gretchen-doctor/1");
    ObjectNode mechanisms = root.putObject("mechanisms");
    for (Mechanism mechanism : Mechanism.values()) {
      var finding = machine.finding(mechanism);
      mechanisms
          .putObject(mechanism.word())
          .put("works", finding.works())
          .put("detail", finding.text());
    }
    var faults = root.putArray("faults");
    for (FaultKind kind : FaultKind.values()) {
      ObjectNode fault = faults.addObject().put("id", kind.id()).put("kind", kind.word());
      Optional<String> obstacle = kind.need().obstacle(machine);
      fault.put("skipped", obstacle.isPresent());
      fault.put("detail", obstacle.orElse(kind.need().means()));
    }
    for (Omission omission : Omission.values()) {
      faults
          .addObject()
          .put("id", omission.id())
          .put("kind", omission.word())
          .put("skipped", true)
          .put("detail", omission.reason());
    }
    return root.toPrettyString() + "\n";
  }
}
