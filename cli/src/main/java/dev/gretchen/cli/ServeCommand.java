package dev.gretchen.cli;

import dev.gretchen.serve.RecordServer;
import dev.gretchen.serve.ServeOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `gretchen serve`: the record in a browser.
@Command(
    name = "serve",
    description = {
      "Serves the record of all runs: pages to filter, compare and follow them, what goes on now, a REST API and metrics. Reading needs no token; campaigns are started and stopped by whoever shows one. More in docs/serve.md.",
      "",
      "Examples: ./gretchen serve",
      "          ./gretchen serve --runs /srv/runs --port 0",
      "          ./gretchen serve --token-file ~/.gretchen-token"
    },
    footer = {
      "",
      "Ends with Ctrl-C, and in order with it the campaign that was started here.",
      "",
      "Exit status: 3 where the port is taken or the index cannot be used; 64 wrong usage; 130 after Ctrl-C."
    },
    sortOptions = false)
final class ServeCommand implements Callable<Integer> {

  private static final String LOCALHOST = "localhost";

  @Mixin private RunsFolder runs = new RunsFolder();

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "address to listen on; whoever reaches it can read all runs (default: ${DEFAULT-VALUE})")
  private String bind = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8470",
      description = "port to listen on, 0 for any free one (default: ${DEFAULT-VALUE})")
  private int port = 8470;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "file with the token for starting and stopping campaigns (default: "
              + ServeOptions.TOKEN_VARIABLE
              + " in the environment; without either nobody can)")
  private @Nullable Path tokenFile;

  @Override
  public Integer call() {
    ServeOptions options =
        new ServeOptions(
            runs.path().toAbsolutePath().normalize(),
            address(bind),
            port,
            token(),
            SoakCommand.again("soak"));
    try (CtrlC _ = CtrlC.interruptsThisThread();
        RecordServer server = RecordServer.open(options, InstantSource.system())) {
      System.out.println("serving " + options.runs() + " at " + server.address());
      if (!options.bind().isLoopbackAddress()) {
        System.out.println("        whoever reaches this address can read all runs");
      }
      System.out.flush();
      return awaitCtrlC();
    }
  }

  private static int awaitCtrlC() {
    try {
      // nobody counts it down
      new CountDownLatch(1).await();
      return ExitStatus.OK;
    } catch (InterruptedException _) {
      return ExitStatus.INTERRUPTED;
    }
  }

  /// Names are not looked up: which of a name's addresses is listened on would be chance.
  private static InetAddress address(String text) {
    if (text.equals(LOCALHOST)) {
      return InetAddress.getLoopbackAddress();
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException _) {
      throw new UsageError(
          "--bind: expected an address such as 127.0.0.1, 0.0.0.0 or ::1, found '" + text + "'");
    }
  }

  private Optional<String> token() {
    Path file = tokenFile;
    if (file == null) {
      return Optional.ofNullable(System.getenv(ServeOptions.TOKEN_VARIABLE))
          .map(String::strip)
          .filter(token -> !token.isEmpty());
    }
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (NoSuchFileException _) {
      throw new UsageError("--token-file " + file + " cannot be read: there is no such file");
    } catch (IOException cause) {
      throw new UsageError("--token-file " + file + " cannot be read: " + cause.getMessage());
    }
  }
}
