package dev.gretchen.cli;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.verifier.calibrate.NotFitForCalibration;
import dev.gretchen.verifier.contract.DescriptorException;
import dev.gretchen.verifier.judge.NotARunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/// The `gretchen` command.
@Command(
    name = "gretchen",
    description =
        "Asks a stream processor: did you count everything exactly once, even when we killed you?",
    subcommands = {
      VerifyCommand.class,
      JudgeCommand.class,
      CalibrateCommand.class,
      RunsCommand.class,
      GateCommand.class,
      SoakCommand.class,
      ServeCommand.class,
      DemoCommand.class,
      DoctorCommand.class,
      HealCommand.class,
      SimulateCommand.class,
      WorkerCommandLine.class,
      BenchCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {
      "",
      "./gretchen test runs all tests of this project. ./gretchen help COMMAND explains a command."
    })
public final class Gretchen {

  private static final Logger LOG = LoggerFactory.getLogger(Gretchen.class);

  private Gretchen() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /// Runs a command line and returns its exit status.
  static int run(String... arguments) {
    CommandLine commandLine = commandLine();
    commandLine.setParameterExceptionHandler((wrong, _) -> usage(wrong));
    commandLine.setExecutionExceptionHandler((failure, _, _) -> failed(failure));
    if (arguments.length == 0) {
      commandLine.usage(System.err);
      return ExitStatus.USAGE;
    }
    return commandLine.execute(arguments);
  }

  /// All commands and their options.
  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Gretchen());
    withHelp(commandLine);
    return commandLine;
  }

  private static void withHelp(CommandLine command) {
    command.getCommandSpec().mixinStandardHelpOptions(true);
    command.getSubcommands().values().forEach(Gretchen::withHelp);
  }

  private static int usage(ParameterException wrong) {
    String message = String.valueOf(wrong.getMessage());
    System.err.println(
        "gretchen: "
            + message
            + (message.endsWith(".") ? "" : ".")
            + " See ./gretchen "
            + path(wrong.getCommandLine())
            + "--help.");
    return ExitStatus.USAGE;
  }

  /// The words that name a command, such as `bench throughput `.
  private static String path(CommandLine command) {
    CommandLine parent = command.getParent();
    return parent == null ? "" : path(parent) + command.getCommandName() + " ";
  }

  private static int failed(Exception failure) {
    boolean usage =
        failure instanceof UsageError
            || failure instanceof DescriptorException
            || failure instanceof NotARunDirectory
            || failure instanceof NotFitForCalibration
            || failure instanceof IllegalArgumentException;
    System.err.println("gretchen: " + sentence(failure));
    if (!usage && !isEnvironment(failure)) {
      LOG.error("unexpected failure", failure);
    }
    return usage ? ExitStatus.USAGE : ExitStatus.ENVIRONMENT;
  }

  private static boolean isEnvironment(Throwable failure) {
    return failure instanceof EnvironmentFailure || failure instanceof UncheckedIOException;
  }

  /// One sentence for a person; a full disk is named as such.
  private static String sentence(Throwable failure) {
    if (failure instanceof UncheckedIOException unchecked) {
      IOException cause = unchecked.getCause();
      String reason = cause == null ? "" : String.valueOf(cause.getMessage());
      return failure.getMessage()
          + ": "
          + (isDiskFull(cause)
              ? "the disk is full; free some space, or choose another folder with --runs"
              : reason);
    }
    return String.valueOf(failure.getMessage());
  }

  private static boolean isDiskFull(@Nullable Throwable cause) {
    return cause != null
        && String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT).contains("no space left");
  }
}
