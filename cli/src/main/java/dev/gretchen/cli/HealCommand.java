package dev.gretchen.cli;

import dev.gretchen.chaos.process.Heal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `gretchen heal`: cleans up after runs that could not do it themselves.
@Command(
    name = "heal",
    description = {
      "Cleans up after runs whose own process was killed: ends what they had started or stopped, unmounts what they"
          + " had mounted, removes their scratch folders. Runs that go on are left alone.",
      "",
      "Example: ./gretchen heal --runs runs"
    },
    footer = {"", "Exit status: 0; 3 where something could not be cleaned up."})
final class HealCommand implements Callable<Integer> {

  @Mixin private RunsFolder runs = new RunsFolder();

  @Override
  public Integer call() throws InterruptedException {
    Heal.Report report = Heal.below(runs.path());
    report
        .healed()
        .forEach((journal, done) -> {
          System.out.println(journal.getParent() + (done.isEmpty() ? ": nothing was left" : ":"));
          done.forEach(what -> System.out.println("  " + what));
        });
    report.underWay().forEach(journal -> System.out.println(journal.getParent() + " goes on"));
    if (report.healed().isEmpty() && report.underWay().isEmpty() && report.failures().isEmpty()) {
      System.out.println("Nothing to heal below " + runs.path());
    }
    report.failures().forEach(failure -> System.err.println("gretchen: " + failure));
    return report.failures().isEmpty() ? ExitStatus.OK : ExitStatus.ENVIRONMENT;
  }
}
