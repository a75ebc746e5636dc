package dev.gretchen.dashboards.demo;

import dev.gretchen.dashboards.live.LiveSetup;
import dev.gretchen.dashboards.live.LiveState;
import dev.gretchen.verifier.contract.Palette;
import dev.gretchen.verifier.run.LiveRun;
import dev.gretchen.verifier.run.Opened;
import dev.gretchen.verifier.run.RunOptions;
import dev.gretchen.verifier.run.Screen;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A demonstration: cluster, workers, load, and the page on top.
///
///     brokers, workers, load ──topics──> Reader ──┐
///            ^     └──────processes──> Overseer ──┤
///            │                                    v
///          Hands <──buttons── LivePage <──frames── Hub, around LiveState
///
/// All of it lasts until it is closed.
public final class Demo implements AutoCloseable {

  private final Opened opened = new Opened();
  private final LiveRun run;
  private final LivePage page;

  /// What a demonstration has beside a run.
  ///
  /// @param port of the page, 0 for any
  /// @param targets a file that names the workers for Prometheus, null for none
  /// @param rate of the load at first, events a second
  /// @param slow whether slow motion is on from the start
  public record Settings(int port, @Nullable Path targets, double rate, boolean slow) {}

  private Demo(RunOptions options, Settings settings, Screen screen, InstantSource clock)
      throws InterruptedException {
    try {
      // what may be refused comes first: a cluster takes its time to start
      ServerSocketChannel door = opened.add(LivePage.bind(settings.port()));
      String host = LivePage.host(door.socket().getLocalPort());
      TargetsFile targets = opened.add(new TargetsFile(settings.targets(), host));
      this.run = opened.add(LiveRun.open(options, screen, clock));
      LiveSetup setup =
          LiveSetup.of(run.app(), run.partitions(), Palette.parse(options.load().palette()));
      Hub hub = opened.add(new Hub(new LiveState(setup, clock.millis()), clock));
      SlowMotion slowMotion = opened.add(new SlowMotion(run));
      Hands hands =
          opened.add(new Hands(run, hub, slowMotion, new Random(options.load().seed()), clock));
      this.page = opened.add(LivePage.open(door, run.app().name(), hub, hands));
      // once more, to be closed before the page, which waits for whoever still looks on
      opened.add(hub);
      Reader reader = opened.add(new Reader(run.app(), setup, run.clientProperties(), hub, clock));
      Overseer overseer = opened.add(new Overseer(run, hub, targets, clock));
      hub.start();
      reader.start();
      overseer.start();
      run.load().turnTo(settings.rate());
      if (settings.slow()) {
        hands.carryOut(new Deed.Slow(true));
      }
      Thread.ofPlatform().name("gretchen-load").daemon().start(run.load()::run);
    } catch (RuntimeException | InterruptedException early) {
      close();
      throw early;
    }
  }

  /// Starts all of it and returns when the page answers.
  ///
  /// @throws dev.gretchen.chaos.EnvironmentFailure where the machine does not let it
  public static Demo open(RunOptions options, Settings settings, Screen screen, InstantSource clock)
      throws InterruptedException {
    return new Demo(options, settings, screen, clock);
  }

  /// Where the page is.
  public URI address() {
    return page.address();
  }

  /// Where the logs of its processes are.
  public Path folder() {
    return run.folder();
  }

  /// Stops all of it, the last that was started first.
  @Override
  public void close() {
    opened.close();
  }
}
