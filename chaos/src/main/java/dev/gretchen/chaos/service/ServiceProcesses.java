package dev.gretchen.chaos.service;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Folders;
import dev.gretchen.chaos.process.Launch;
import dev.gretchen.chaos.process.Processes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/// Starts real services as child processes, each in a folder of its own on ports of its own.
final class ServiceProcesses {

  private static final String TRANSPORT = "transport-netty4";
  private static final String SEARCH_MAIN = "dev.gretchen.services.search.SearchNode";
  private static final int TAIL_LINES = 5;

  private static final String SEARCH_LOGGING =
      """
      status = error
      appender.console.type = Console
      appender.console.name = console
      appender.console.layout.type = PatternLayout
      appender.console.layout.pattern = %d %-5p %c{1.} %m%n
      rootLogger.level = warn
      rootLogger.appenderRef.console.ref = console
      """;

  private final Processes processes;
  private final Path logs;

  ServiceProcesses(Processes processes, Path logs) {
    this.processes = processes;
    this.logs = logs;
  }

  /// A process that may not answer yet.
  ///
  /// @param healthPath answers with a status below 300 when it is ready
  record Started(Child child, URI address, String healthPath) {

    /// Why it is not there, a sentence.
    String failure() {
      return child.name() + " does not run; the end of its log: " + child.logTail(TAIL_LINES);
    }
  }

  /// The InfluxDB server of this machine, empty where none is installed.
  static Optional<Path> influxd() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Arrays.stream(path.split(":", -1)), Stream.of("/usr/sbin", "/usr/bin"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "influxd"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  Started influxdb(Path program, int port, int rpcPort) {
    Path home = folder("influxdb");
    String configuration =
        """
        reporting-enabled = false
        bind-address = "127.0.0.1:%d"
        [meta]
          dir = "%s/meta"
        [data]
          dir = "%s/data"
          wal-dir = "%s/wal"
          query-log-enabled = false
        [http]
          bind-address = "127.0.0.1:%d"
          log-enabled = false
        [monitor]
          store-enabled = false
        """
            .formatted(rpcPort, home, home, home, port);
    write(home.resolve("influxdb.conf"), configuration);
    List<String> command =
        List.of(program.toString(), "run", "-config", home.resolve("influxdb.conf").toString());
    return start("influxdb", command, port, "/ping");
  }

  Started search(Path jars, int port, int transportPort) {
    Path home = folder("search");
    String classPath = layOut(jars, home);
    write(home.resolve("config").resolve("log4j2.properties"), SEARCH_LOGGING);
    List<String> command =
        List.of(
            java(),
            "-Xms64m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-Des.path.conf=" + home.resolve("config"),
            "-cp",
            classPath,
            SEARCH_MAIN,
            home.toString(),
            Integer.toString(port),
            Integer.toString(transportPort));
    return start("search", command, port, "/_cluster/health");
  }

  Started mailer(int port) {
    List<String> command =
        List.of(
            java(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            MailServer.class.getName(),
            Integer.toString(port),
            folder("mailer").resolve("mails.ndjson").toString());
    return start("mailer", command, port, "/mails");
  }

  private Started start(String name, List<String> command, int port, String healthPath) {
    Child child = processes.start(new Launch(name, command, Map.of(), logs.resolve(name + ".log")));
    return new Started(child, URI.create("http://127.0.0.1:" + port), healthPath);
  }

  /// The server looks for its HTTP transport in a folder of modules, and refuses to start where the
  /// same jars are on its class path.
  ///
  /// @return the class path
  private static String layOut(Path jars, Path home) {
    Path module = home.resolve("modules").resolve(TRANSPORT);
    List<Path> others = new ArrayList<>();
    try (Stream<Path> all = Files.list(jars)) {
      Files.createDirectories(module);
      for (Path jar : all.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
        String name = String.valueOf(jar.getFileName());
        if (name.startsWith(TRANSPORT)) {
          write(module.resolve("plugin-descriptor.properties"), pluginDescriptor(jar));
        }
        if (name.startsWith(TRANSPORT)
            || name.startsWith("netty-")
            || name.startsWith("elasticsearch-ssl-config")) {
          Files.copy(jar, module.resolve(name));
        } else {
          others.add(jar);
        }
      }
    } catch (IOException e) {
      throw new EnvironmentFailure(
          "The search engine's jars in "
              + jars
              + " cannot be laid out ("
              + Folders.reason(e)
              + "); build the project first, or use --services scripted",
          e);
    }
    return others.stream().map(Path::toString).collect(Collectors.joining(":"));
  }

  /// The transport's own, without the name of a Java module: the server is on the class path.
  private static String pluginDescriptor(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      ZipEntry entry =
          file.getEntry("META-INF/es-plugins/" + TRANSPORT + "/plugin-descriptor.properties");
      if (entry == null) {
        throw new IOException(jar + " holds no plugin descriptor");
      }
      try (InputStream in = file.getInputStream(entry)) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.startsWith("modulename"))
            .collect(Collectors.joining("\n", "", "\n"));
      }
    }
  }

  private Path folder(String name) {
    Path folder = processes.scratch().resolve("services").resolve(name);
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new EnvironmentFailure(folder + " cannot be made: " + Folders.reason(e), e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
