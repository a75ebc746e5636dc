package dev.gretchen.verifier.run;

import dev.gretchen.chaos.fault.Selection;
import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.Guarantee;
import dev.gretchen.verifier.load.LoadShape;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What a run was asked to be.
///
/// @param descriptor file of the app's descriptor
/// @param load what is offered
/// @param workers how many there are at first
/// @param standbys copies of each table partition that the app keeps, where its command says so
/// @param commitInterval of the app
/// @param guarantee that the app is set to
/// @param judgeAs what it is judged by
/// @param faults what may be done to it
/// @param runs folder of all runs
/// @param command the command line that asked, to be repeated; without the seed, which is added
public record RunOptions(
    AppDescriptor app,
    Path descriptor,
    LoadShape load,
    int workers,
    int standbys,
    Duration commitInterval,
    Guarantee guarantee,
    Guarantee judgeAs,
    Selection faults,
    KafkaChoice kafka,
    Path runs,
    List<String> command) {

  public RunOptions {
    command = List.copyOf(command);
  }

  /// The folder that `{app-home}` stands for.
  Path appHome() {
    Path parent = descriptor.toAbsolutePath().normalize().getParent();
    return parent == null ? Path.of("/") : parent;
  }
}
