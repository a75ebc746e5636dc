package dev.gretchen.cli;

import dev.gretchen.chaos.worker.WorkerCommand;
import dev.gretchen.verifier.contract.AppDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `gretchen worker`: one worker of an app, in the foreground.
@Command(
    name = "worker",
    description = {
      "Runs one worker of an app in the foreground, by the command of its descriptor; Ctrl-C drains, commits and leaves.",
      "",
      "Example: ./gretchen worker word-colors --bootstrap localhost:9092 --worker w1 -- --create-topics=8"
    },
    sortOptions = false)
final class WorkerCommandLine implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "APP",
      description = "an app of this project, or the file of a descriptor")
  private String app = "";

  @Parameters(
      index = "1..*",
      paramLabel = "MORE",
      description = "more arguments of the app, after --")
  private @Nullable List<String> more;

  @Option(
      names = "--bootstrap",
      required = true,
      paramLabel = "HOST:PORT,...",
      description = "the Kafka brokers")
  private String bootstrap = "";

  @Option(
      names = "--worker",
      defaultValue = "w1",
      paramLabel = "NAME",
      description = "its slot (default: ${DEFAULT-VALUE})")
  private String worker = "";

  @Option(
      names = "--state-dir",
      paramLabel = "DIR",
      description = "where its tables live (default: state/<worker>)")
  private @Nullable Path stateDirectory;

  @Option(
      names = "--http-port",
      defaultValue = "0",
      paramLabel = "PORT",
      description = "endpoints on 127.0.0.1, 0 for any (default: ${DEFAULT-VALUE})")
  private int httpPort;

  @Option(
      names = "--guarantee",
      paramLabel = "G",
      description = "exactly-once or at-least-once (default: what its descriptor says)")
  private @Nullable String guarantee;

  @Option(
      names = "--commit-interval",
      defaultValue = "100",
      paramLabel = "MILLIS",
      description = "longest time between commits (default: ${DEFAULT-VALUE})")
  private long commitInterval;

  @Option(
      names = "--palette",
      defaultValue = "primary",
      paramLabel = "P",
      description = "colours (default: ${DEFAULT-VALUE})")
  private String palette = "";

  @Option(
      names = "--standbys",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "copies of each table partition on other workers, as far as the app has such a setting (default: ${DEFAULT-VALUE})")
  private int standbys;

  @Override
  public Integer call() throws InterruptedException {
    Path descriptor = Apps.atHome().descriptor(app);
    AppDescriptor read = AppDescriptor.read(descriptor);
    Path home = descriptor.toAbsolutePath().normalize().getParent();
    Map<String, String> values = new HashMap<>();
    values.put("java", Path.of(System.getProperty("java.home"), "bin", "java").toString());
    values.put("app-home", String.valueOf(home));
    values.put("bootstrap", bootstrap);
    values.put("worker", worker);
    values.put(
        "state-dir",
        (stateDirectory == null ? Path.of("state", worker) : stateDirectory).toString());
    values.put("http-port", Integer.toString(httpPort));
    values.put("guarantee", guarantee == null ? read.guarantee().word() : guarantee);
    values.put("commit-interval", Long.toString(commitInterval));
    values.put("palette", palette);
    values.put("standbys", Integer.toString(standbys));
    values.put("version", "1");
    values.put("aot-cache", "");
    // an option of the app's own after -- says otherwise
    values.put("influxdb", "http://localhost:8086");
    values.put("search", "http://localhost:9200");
    values.put("mailer", "http://localhost:8025");
    List<String> command =
        new ArrayList<>(new WorkerCommand(read.command(), values, Map.of()).resolve(Map.of()));
    // the start-up cache belongs to runs, which start many workers
    command.removeIf(argument -> argument.startsWith("-XX:AOTCache="));
    if (more != null) {
      command.addAll(more);
    }
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      // Ctrl-C reaches the worker too, which drains: wait for it. SIGTERM reaches us alone: pass it
      // on
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform()
                  .unstarted(() -> {
                    process.destroy();
                    try {
                      Runtime.getRuntime().halt(process.waitFor());
                    } catch (InterruptedException _) {
                      Thread.currentThread().interrupt();
                    }
                  }));
      return process.waitFor();
    } catch (IOException cause) {
      System.err.println("the worker cannot be started: " + cause.getMessage());
      return ExitStatus.ENVIRONMENT;
    }
  }
}
