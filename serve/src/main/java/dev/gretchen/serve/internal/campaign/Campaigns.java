package dev.gretchen.serve.internal.campaign;

import dev.gretchen.chaos.process.Child;
import dev.gretchen.serve.internal.campaign.CampaignState.Phase;
import dev.gretchen.serve.internal.http.Refused;
import dev.gretchen.verifier.progress.ProgressFile;
import dev.gretchen.verifier.soak.Campaign;
import dev.gretchen.verifier.soak.SoakFolder;
import dev.gretchen.verifier.soak.SoakStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The campaigns of a folder of runs. One at a time is started here: two would take the machine
/// from each other, and say something of that.
public final class Campaigns implements AutoCloseable {

  private static final int STATUS_CONFLICT = 409;

  private final Path runs;
  private final List<String> command;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Child> children = new HashMap<>(); // guarded by lock
  private final Set<String> stopping = new HashSet<>(); // guarded by lock
  private @Nullable SoakRunner runner; // guarded by lock
  private boolean closed; // guarded by lock

  /// @param command that starts `soak`, with that word
  public Campaigns(Path runs, List<String> command, InstantSource clock) {
    this.runs = runs.toAbsolutePath().normalize();
    this.command = List.copyOf(command);
    this.clock = clock;
  }

  /// All there are, the latest first.
  ///
  /// @param limit how many at the most
  public List<CampaignState> all(int limit) {
    return SoakFolder.below(runs).stream()
        .map(SoakStatus::find)
        .flatMap(Optional::stream)
        .limit(limit)
        .map(this::state)
        .toList();
  }

  /// One of them.
  ///
  /// @throws Refused if there is none of that name
  public CampaignState named(String name) {
    return state(SoakStatus.of(folder(name)));
  }

  private SoakFolder folder(String name) {
    return SoakFolder.below(runs).stream()
        .filter(folder -> name(folder).equals(name))
        .findFirst()
        .orElseThrow(() -> Refused.notFound("There is no campaign " + name));
  }

  private CampaignState state(SoakStatus status) {
    boolean heard =
        ProgressFile.read(status.folder())
            .filter(progress -> progress.goesOn(clock.millis()))
            .isPresent();
    lock.lock();
    try {
      Child child = children.get(status.name());
      boolean here = child != null && child.isAlive();
      Phase phase =
          here && stopping.contains(status.name())
              ? Phase.STOPPING
              : here || heard
                  ? Phase.RUNNING
                  : status.over() == null ? Phase.INTERRUPTED : Phase.OVER;
      return new CampaignState(status, phase, here);
    } finally {
      lock.unlock();
    }
  }

  /// Starts one.
  ///
  /// @param campaign the name of one that is shipped
  /// @param length how long its runs may take together, zero for no limit
  /// @return its name
  /// @throws Refused while another goes on that was started here
  public String start(String campaign, Duration length, long seed) {
    String text = Campaign.shipped(campaign);
    lock.lock();
    try {
      requireNoOther();
      SoakFolder folder = SoakFolder.create(runs, text, seed, length, clock.instant());
      run(folder);
      return name(folder);
    } finally {
      lock.unlock();
    }
  }

  /// Has one go on that was interrupted.
  ///
  /// @throws Refused if there is none of that name, and while one goes on
  public void resume(String name) {
    SoakFolder folder = folder(name);
    CampaignState state = state(SoakStatus.of(folder));
    if (state.phase() != Phase.INTERRUPTED) {
      throw new Refused(
          STATUS_CONFLICT,
          "Campaign %s is %s; only one that was interrupted can be resumed"
              .formatted(name, state.phase().word()));
    }
    lock.lock();
    try {
      requireNoOther();
      run(folder);
    } finally {
      lock.unlock();
    }
  }

  /// Asks one to stop, which goes on for as long as its run takes to be ended in order.
  ///
  /// @throws Refused if there is none of that name that was started here and goes on
  public void stop(String name) {
    CampaignState state = named(name);
    if (!state.startedHere()) {
      throw new Refused(
          STATUS_CONFLICT,
          state.phase() == Phase.RUNNING
              ? "Campaign " + name + " was not started here; stop it where it was, with Ctrl-C"
              : "Campaign %s does not go on: it is %s".formatted(name, state.phase().word()));
    }
    lock.lock();
    try {
      Child child = children.get(name);
      if (child != null && stopping.add(name)) {
        Thread.ofVirtual().name("stop " + name).start(() -> SoakRunner.stop(child));
      }
    } finally {
      lock.unlock();
    }
  }

  private void requireNoOther() {
    if (closed) {
      throw new Refused(STATUS_CONFLICT, "This server is about to stop");
    }
    for (Map.Entry<String, Child> child : children.entrySet()) {
      if (child.getValue().isAlive()) {
        throw new Refused(
            STATUS_CONFLICT,
            "Campaign %s goes on; stop it, or wait for its end".formatted(child.getKey()));
      }
    }
  }

  private void run(SoakFolder folder) {
    SoakRunner soaks = runner;
    if (soaks == null) {
      soaks = new SoakRunner(command, scratch());
      runner = soaks;
    }
    children.put(name(folder), soaks.resume(folder));
    stopping.remove(name(folder));
  }

  private static Path scratch() {
    try {
      return Files.createTempDirectory("gretchen-serve-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder for temporary files", e);
    }
  }

  private static String name(SoakFolder folder) {
    return String.valueOf(folder.path().getFileName());
  }

  /// Stops in order what was started here.
  @Override
  public void close() {
    List<Child> left;
    SoakRunner soaks;
    lock.lock();
    try {
      closed = true;
      left = new ArrayList<>(children.values());
      soaks = runner;
    } finally {
      lock.unlock();
    }
    left.stream().filter(Child::isAlive).forEach(SoakRunner::stop);
    if (soaks != null) {
      soaks.close();
    }
  }
}
