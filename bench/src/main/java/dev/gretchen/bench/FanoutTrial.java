package dev.gretchen.bench;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.broker.Ports;
import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Launch;
import dev.gretchen.chaos.process.Processes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/// One side of the fan-out benchmark: workers, clients in processes of their own, a calm step, and
/// then the rate of one room raised until the side does not keep up.
final class FanoutTrial implements AutoCloseable {

  private static final Duration UP_BOUND = Duration.ofSeconds(60);
  private static final Duration JOIN_BOUND = Duration.ofMinutes(5);
  private static final Duration POLL = Duration.ofMillis(200);

  /// What is under way when a step ends arrives in this time, or late.
  private static final Duration TAIL = Duration.ofSeconds(2);

  private static final Duration BREATHE = Duration.ofSeconds(3);
  private static final int STEPS_MAX = 20;
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d{1,12}) kB$");
  private static final List<String> CLIENT_JVM = List.of("-Xmx512m", "-XX:+UseSerialGC");

  private final FanoutOptions options;
  private final FanoutSide side;
  private final Processes processes;
  private final FanoutFeeder feeder;
  private final Consumer<FanoutLine> keep;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Child> workers = new ArrayList<>();
  private final List<Child> crowds = new ArrayList<>();
  private final List<FanoutClientsProcess> clients = new ArrayList<>();
  private long bytesPerConnection;

  FanoutTrial(
      FanoutOptions options,
      FanoutSide side,
      Processes processes,
      FanoutFeeder feeder,
      Consumer<FanoutLine> keep) {
    this.options = options;
    this.side = side;
    this.processes = processes;
    this.feeder = feeder;
    this.keep = keep;
  }

  /// Measures; the topics are there, and empty.
  void run(String bootstrap) throws InterruptedException {
    List<Integer> ports = ports(options.workers() + crowds(options.all()));
    List<Integer> doors = ports.subList(0, options.workers());
    startWorkers(bootstrap, doors);
    long before = resident();
    startClients(doors, ports.subList(options.workers(), ports.size()));
    awaitJoined();
    Thread.sleep(BREATHE);
    bytesPerConnection = Math.max(0, resident() - before) / options.all();

    List<String> everywhere =
        IntStream.range(0, FanoutOptions.ROOMS)
            .mapToObj(room -> "room-" + room)
            .collect(Collectors.toCollection(ArrayList::new));
    everywhere.add(FanoutOptions.HOT_ROOM);
    keep.accept(step(FanoutSummary.CALM, everywhere, everywhere.size(), options.all()));
    double rate = FanoutOptions.FIRST_RATE;
    for (int i = 0; i < STEPS_MAX; i++) {
      FanoutLine line =
          step(FanoutSummary.HOT, List.of(FanoutOptions.HOT_ROOM), rate, rate * options.hot());
      keep.accept(line);
      if (!line.isSustained()) {
        return;
      }
      rate *= FanoutOptions.RATE_STEP;
    }
  }

  /// @param due deliveries a second
  private FanoutLine step(String name, List<String> rooms, double perSecond, double due)
      throws InterruptedException {
    List<FanoutClientsProcess.Seen> before = ask();
    Duration length = Duration.ofSeconds(options.seconds());
    long posts = feeder.feed(side, rooms, perSecond, length);
    Thread.sleep(TAIL);
    List<FanoutClientsProcess.Seen> after = ask();
    double seconds = posts / perSecond;
    Histogram latencies = new Histogram(2);
    after.forEach(seen -> latencies.add(seen.latencies()));
    return new FanoutLine(
        side.word(),
        name,
        perSecond,
        due,
        (sum(after, FanoutClientsProcess.Seen::posts)
                - sum(before, FanoutClientsProcess.Seen::posts))
            / seconds,
        (sum(after, FanoutClientsProcess.Seen::frames)
                - sum(before, FanoutClientsProcess.Seen::frames))
            / seconds,
        latencies.getValueAtPercentile(50),
        latencies.getValueAtPercentile(99),
        bytesPerConnection,
        sum(after, FanoutClientsProcess.Seen::closed));
  }

  private static long sum(
      List<FanoutClientsProcess.Seen> all, ToLongFunction<FanoutClientsProcess.Seen> what) {
    return all.stream().mapToLong(what).sum();
  }

  private List<FanoutClientsProcess.Seen> ask() throws InterruptedException {
    List<FanoutClientsProcess.Seen> all = new ArrayList<>();
    for (FanoutClientsProcess process : clients) {
      all.add(process.ask());
    }
    return all;
  }

  private static int crowds(int connections) {
    return Math.ceilDiv(connections, FanoutOptions.CLIENTS_PER_PROCESS);
  }

  private static List<Integer> ports(int count) {
    try {
      return Ports.free(count);
    } catch (IOException cause) {
      throw new EnvironmentFailure("no free ports: " + cause.getMessage(), cause);
    }
  }

  private void startWorkers(String bootstrap, List<Integer> doors) throws InterruptedException {
    for (int i = 0; i < doors.size(); i++) {
      String name = side.word() + "-w" + (i + 1);
      Path state = processes.scratch().resolve("state-" + name);
      workers.add(
          start(name, side.command(options.home(), bootstrap, "w" + (i + 1), doors.get(i), state)));
    }
    for (int i = 0; i < doors.size(); i++) {
      awaitUp(workers.get(i), doors.get(i));
    }
  }

  private Child start(String name, List<String> command) {
    Path log = options.out().resolve("logs").resolve(name + ".log");
    return processes.start(new Launch(name, command, Map.of(), log));
  }

  /// The chat says when it is ready; the loop needs to be there.
  private void awaitUp(Child worker, int port) throws InterruptedException {
    String path = side.isChat() ? "/readyz" : "/";
    HttpRequest question =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(2))
            .build();
    long deadline = System.nanoTime() + UP_BOUND.toNanos();
    while (true) {
      try {
        int status = http.send(question, HttpResponse.BodyHandlers.discarding()).statusCode();
        if (!side.isChat() || status == 200) {
          return;
        }
      } catch (IOException _) {
        // not yet
      }
      if (!worker.isAlive() || System.nanoTime() > deadline) {
        throw new EnvironmentFailure(
            worker.name() + " does not come up; its log ends with\n" + worker.logTail(10));
      }
      Thread.sleep(POLL);
    }
  }

  private void startClients(List<Integer> doors, List<Integer> ports) {
    int left = options.all();
    int hot = options.hot();
    for (int i = 0; left > 0; i++) {
      int here = Math.min(left, FanoutOptions.CLIENTS_PER_PROCESS);
      int hotHere = Math.min(hot, here);
      int port = ports.get(i);
      Child child =
          start(
              side.word() + "-clients-" + (i + 1),
              Side.programOn(
                  options.home().resolve("bench/target/lib"),
                  CLIENT_JVM,
                  "dev.gretchen.bench.stage.FanoutClients",
                  List.of(
                      Integer.toString(port),
                      "127.0.0." + (i + 2),
                      doors.stream().map(String::valueOf).collect(Collectors.joining(",")),
                      Integer.toString(here),
                      Integer.toString(hotHere),
                      Integer.toString(FanoutOptions.ROOMS))));
      crowds.add(child);
      clients.add(new FanoutClientsProcess(child, port, http));
      left -= here;
      hot -= hotHere;
    }
  }

  private void awaitJoined() throws InterruptedException {
    long deadline = System.nanoTime() + JOIN_BOUND.toNanos();
    while (true) {
      long joined = sum(ask(), FanoutClientsProcess.Seen::joined);
      if (joined == options.all()) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new EnvironmentFailure(
            "Of " + options.all() + " clients of " + side.label() + " only " + joined + " joined");
      }
      Thread.sleep(POLL);
    }
  }

  /// What all workers have resident, bytes.
  private long resident() {
    long sum = 0;
    for (Child worker : workers) {
      try {
        Matcher found =
            RESIDENT.matcher(
                Files.readString(Path.of("/proc", Long.toString(worker.pid()), "status")));
        sum += found.find() ? Long.parseLong(found.group(1)) * 1_024 : 0;
      } catch (IOException cause) {
        throw new EnvironmentFailure(
            "the memory of " + worker + " cannot be read: " + cause, cause);
      }
    }
    return sum;
  }

  @Override
  public void close() {
    crowds.forEach(Child::kill);
    workers.forEach(Child::kill);
    http.shutdownNow();
  }
}
