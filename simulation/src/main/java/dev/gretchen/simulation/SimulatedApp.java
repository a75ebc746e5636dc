package dev.gretchen.simulation;

import dev.gretchen.apps.windows.Windows;
import dev.gretchen.apps.wordcolors.Palette;
import dev.gretchen.apps.wordcolors.WordColors;
import dev.gretchen.engine.App;
import dev.gretchen.simulation.judge.Descriptors;
import dev.gretchen.verifier.contract.AppDescriptor;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/// An app that the simulator knows: the contract by which it is judged, which schedule a seed is
/// for it, and how it is made. Immutable, any thread.
public final class SimulatedApp {

  /// Two agents, a table and a windowed one.
  public static final SimulatedApp WORD_COLORS =
      new SimulatedApp(Descriptors.wordColors(), Schedules::of, SimulatedApp::wordColors);

  /// Topics found by their pattern; windows, sessions, keys that expire, a timer.
  public static final SimulatedApp WINDOWS =
      new SimulatedApp(Descriptors.windows(), Schedules::ofWindows, (_, _, _) -> Windows.app());

  private static final List<SimulatedApp> ALL = List.of(WORD_COLORS, WINDOWS);

  private final AppDescriptor contract;
  private final LongFunction<Schedule> schedules;
  private final Maker maker;

  /// Makes an app for one process.
  @FunctionalInterface
  private interface Maker {
    App make(Setup setup, RandomGenerator random, List<String> failures);
  }

  private SimulatedApp(AppDescriptor contract, LongFunction<Schedule> schedules, Maker maker) {
    this.contract = contract;
    this.schedules = schedules;
    this.maker = maker;
  }

  private static App wordColors(Setup setup, RandomGenerator random, List<String> failures) {
    Palette palette = Palette.parse(setup.load().palette());
    return setup.isShippedApp()
        ? WordColors.app(palette)
        : new WaitingWordColors(random, failures).app(palette, setup);
  }

  /// The app of a name.
  public static Optional<SimulatedApp> named(String name) {
    return ALL.stream().filter(app -> app.name().equals(name)).findFirst();
  }

  /// The names of all.
  public static List<String> names() {
    return ALL.stream().map(SimulatedApp::name).toList();
  }

  /// Its name.
  public String name() {
    return contract.name();
  }

  /// The schedule of a seed.
  public Schedule schedule(long seed) {
    return schedules.apply(seed);
  }

  /// Its topics and tables, and what it promises for them.
  AppDescriptor contract() {
    return contract;
  }

  /// Makes it for one process.
  ///
  /// @param random asked in simulated code only
  /// @param failures takes a sentence for what its handlers find wrong
  App make(Setup setup, RandomGenerator random, List<String> failures) {
    return maker.make(setup, random, failures);
  }

  @Override
  public String toString() {
    return name();
  }
}
