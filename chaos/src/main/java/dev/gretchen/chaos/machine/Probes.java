package dev.gretchen.chaos.machine;

import dev.gretchen.chaos.EnvironmentFailure;
import dev.gretchen.chaos.process.Child;
import dev.gretchen.chaos.process.Connections;
import dev.gretchen.chaos.process.Folders;
import dev.gretchen.chaos.process.Launch;
import dev.gretchen.chaos.process.Preload;
import dev.gretchen.chaos.process.Processes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Tries each mechanism for real, in a throwaway namespace where it would touch the network.
final class Probes {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(5);

  /// Unprivileged users get a network of their own only together with a user namespace.
  private static final List<String> UNSHARE = List.of("unshare -n", "unshare -rn");

  private final Path scratch;

  Probes(Path scratch) {
    this.scratch = scratch;
  }

  Map<Mechanism, Finding> all() throws InterruptedException {
    Map<Mechanism, Finding> findings = new EnumMap<>(Mechanism.class);
    findings.put(Mechanism.SIGNALS, signals());
    findings.put(Mechanism.NAMESPACES, inNamespace("true", "of one's own"));
    findings.put(Mechanism.NFT, inNamespace("nft add table inet gretchen", "in a namespace"));
    findings.put(Mechanism.TBF, qdisc("tbf rate 1mbit burst 32kbit latency 400ms"));
    findings.put(Mechanism.NETEM, qdisc("netem delay 1ms"));
    findings.put(Mechanism.TMPFS, tmpfs());
    findings.put(Mechanism.CGROUP_V1, cgroup("cgroup", "freezer"));
    findings.put(Mechanism.CGROUP_V2, cgroup("cgroup2", ""));
    findings.put(Mechanism.FAKETIME, faketime());
    findings.put(Mechanism.PRLIMIT, prlimit());
    findings.put(Mechanism.PRELOAD, preload());
    findings.put(Mechanism.ATTACH, attach());
    findings.put(Mechanism.SOCKET_END, socketEnd());
    try {
      Files.deleteIfExists(scratch);
    } catch (IOException _) {
      // not empty: a probe could not clean up, which its finding says
    }
    return findings;
  }

  private Finding signals() throws InterruptedException {
    try (Processes processes = Processes.openTemporary(scratch)) {
      Child child =
          processes.start(
              new Launch("probe", List.of("sleep", "60"), Map.of(), scratch.resolve("probe.log")));
      child.stop();
      long deadline = System.nanoTime() + TIMEOUT.toNanos();
      while (!child.isStopped() && System.nanoTime() < deadline) {
        Thread.sleep(POLL);
      }
      if (!child.isStopped()) {
        return new Finding.Missing("SIGSTOP does not hold a process, as far as /proc tells");
      }
      child.cont();
      int status = child.kill();
      return new Finding.Works("kill; exit status after SIGKILL " + status);
    } catch (EnvironmentFailure e) {
      return new Finding.Missing(String.valueOf(e.getMessage()));
    }
  }

  private static Finding inNamespace(String command, String how) throws InterruptedException {
    String why = "";
    for (String unshare : UNSHARE) {
      Answer answer = shell(unshare + " sh -c '" + command + "'");
      if (answer.ok()) {
        return new Finding.Works(unshare + ", " + how);
      }
      why = answer.text();
    }
    return new Finding.Missing(why);
  }

  private static Finding qdisc(String kind) throws InterruptedException {
    return inNamespace("tc qdisc add dev lo root " + kind, "tc qdisc " + kind.split(" ", 2)[0]);
  }

  private Finding tmpfs() throws InterruptedException {
    String folder = "'" + scratch.resolve("tmpfs").toString().replace("'", "'\\''") + "'";
    Answer answer =
        shell(
            "mkdir -p %1$s && mount -t tmpfs -o size=64k none %1$s".formatted(folder)
                + " && { dd if=/dev/zero of=%1$s/full bs=1k count=128 2>/dev/null; full=$?;"
                    .formatted(folder)
                + " umount %1$s; rmdir %1$s; [ $full -ne 0 ]; }".formatted(folder));
    return answer.ok()
        ? new Finding.Works("mount -t tmpfs, full at its limit")
        : new Finding.Missing(answer.text());
  }

  /// A hierarchy in which a group can be made.
  private static Finding cgroup(String type, String option) throws InterruptedException {
    Optional<Path> mount = mounted(type, option);
    if (mount.isEmpty()) {
      return new Finding.Missing("no " + type + " is mounted");
    }
    Path group = mount.get().resolve("gretchen-" + ProcessHandle.current().pid());
    try {
      if (type.equals("cgroup2")) {
        String controllers = Files.readString(mount.get().resolve("cgroup.controllers")).strip();
        if (!List.of(controllers.split(" ", -1)).containsAll(List.of("cpu", "memory"))) {
          return new Finding.Missing(
              mount.get() + " has no cpu and memory, only '" + controllers + "'");
        }
      }
      Files.createDirectory(group);
      Files.delete(group);
      return new Finding.Works(mount.get() + " is writable");
    } catch (IOException e) {
      return new Finding.Missing(mount.get() + " is not writable: " + e.getMessage());
    }
  }

  private static Optional<Path> mounted(String type, String option) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/mounts"))) {
      return lines
          .map(line -> line.split(" ", -1))
          .filter(fields -> fields.length > 3 && fields[2].equals(type))
          .filter(fields -> List.of(fields[3].split(",", -1)).contains(option) || option.isEmpty())
          .map(fields -> Path.of(fields[1]))
          .findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Finding faketime() throws InterruptedException {
    Answer answer = shell("faketime -f +1d date +%s");
    if (!answer.ok()) {
      return new Finding.Missing("faketime is not installed: " + answer.text());
    }
    try {
      long ahead = Long.parseLong(answer.text().strip()) - System.currentTimeMillis() / 1000;
      return ahead > Duration.ofHours(23).toSeconds()
          ? new Finding.Works("faketime, a day ahead")
          : new Finding.Missing("faketime moved the clock by " + ahead + " s only");
    } catch (NumberFormatException _) {
      return new Finding.Missing("faketime answered " + answer.text());
    }
  }

  private static Finding prlimit() throws InterruptedException {
    Answer answer = shell("prlimit --pid $$ --nofile=64: && ulimit -S -n");
    return answer.ok() && answer.text().equals("64")
        ? new Finding.Works("prlimit, of a shell that runs")
        : new Finding.Missing("prlimit does not change a limit: " + answer.text());
  }

  /// A shell whose clock is a day ahead, and which cannot write to its folder.
  private Finding preload() throws InterruptedException {
    Path folder = scratch.resolve("preload");
    try {
      Preload preload = Preload.build(folder);
      StringBuilder command = new StringBuilder();
      preload
          .environment("probe", folder)
          .forEach((name, value) -> command.append(name + "='" + value + "' "));
      preload.setClockAhead("probe", Duration.ofDays(1));
      preload.setDisk("probe", Preload.Disk.FAILING);
      Answer date = shell(command + "date +%s");
      Answer write = shell(command + "sh -c 'echo x > \"$GRETCHEN_PRELOAD_FOLDER/x\"'");
      long ahead = date.ok() ? seconds(date.text()) - System.currentTimeMillis() / 1000 : 0;
      if (ahead < Duration.ofHours(23).toSeconds() || write.ok()) {
        return new Finding.Missing(
            "a library that is loaded first changes neither clock nor writes: " + date.text());
      }
      return new Finding.Works("cc and LD_PRELOAD, a clock a day ahead and EIO");
    } catch (EnvironmentFailure | NumberFormatException e) {
      return new Finding.Missing(String.valueOf(e.getMessage()));
    } finally {
      remove(folder);
    }
  }

  /// A connection of ours to ourselves.
  private static Finding socketEnd() {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
        Socket accepted = server.accept()) {
      int ended =
          Connections.end(
              List.of(new Connections.Connection(client.getLocalPort(), client.getPort())));
      if (ended == 0) {
        return new Finding.Missing("ss -K ends no connection");
      }
      return isReset(accepted)
          ? new Finding.Works("ss -K, of a connection of ours")
          : new Finding.Missing("ss -K ends no connection, though it says so");
    } catch (IOException e) {
      return new Finding.Missing("ss -K cannot be tried: " + e.getMessage());
    }
  }

  private static boolean isReset(Socket socket) throws IOException {
    socket.setSoTimeout(Math.toIntExact(TIMEOUT.toMillis()));
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException _) {
      return false;
    } catch (SocketException _) {
      return true;
    }
  }

  /// A JVM does not attach to itself, and another one takes a second to start.
  private static Finding attach() {
    return ModuleLayer.boot().findModule("jdk.attach").isPresent()
        ? new Finding.Works("this JVM has the module jdk.attach")
        : new Finding.Missing("this JVM lacks the module jdk.attach; take a whole JDK");
  }

  private static long seconds(String text) {
    return Long.parseLong(text.strip());
  }

  private static void remove(Path folder) {
    try {
      Folders.delete(folder);
    } catch (IOException _) {
      // it lies in a folder for temporary files
    }
  }

  /// @param text what it said, or why it was not even tried; the first line
  private record Answer(boolean ok, String text) {}

  private static Answer shell(String script) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder("/bin/sh", "-c", script).redirectErrorStream(true).start();
      process.getOutputStream().close();
      if (!process.waitFor(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        return new Answer(false, "no answer within " + TIMEOUT.toSeconds() + " s");
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String line =
          output.lines().filter(text -> !text.isBlank()).findFirst().orElse("no word why");
      return new Answer(process.exitValue() == 0, line.strip());
    } catch (IOException e) {
      return new Answer(false, String.valueOf(e.getMessage()));
    }
  }
}
