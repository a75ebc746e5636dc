package dev.gretchen.verifier.soak;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.settings.Lengths;
import dev.gretchen.verifier.soak.Campaign.AppDraw;
import dev.gretchen.verifier.soak.Campaign.Option;
import dev.gretchen.verifier.soak.PlannedRun.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// The runs of a soak: a pure function of campaign, seed and the run's number, so that nothing but
/// the number has to be remembered.
///
/// Apps and templates come in turn, so that a short night leaves none out; the values of options,
/// mixes of faults and each run's seed are drawn. Every second ordinary run of an app is a mix.
///
/// @param seed of the soak
public record SoakPlan(Campaign campaign, long seed) {

  /// Long enough that the kills of these runs come, as the tests of the broken engines show.
  private static final Duration CANARY_LENGTH = Duration.ofSeconds(14);

  private static final String CANARY_FAULTS = "kill-after-sends";
  private static final List<String> CANARY_OPTIONS =
      List.of(
          "--rate=1000", "--brokers=1", "--workers=2", "--partitions=4", "--palette=synthetic:100");

  private static final int SEED_BELOW = 1_000_000_000;
  private static final double MIX_SHARE = 0.7;
  private static final String LENGTH = "for";
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /// The run of a number.
  ///
  /// @param number from 1
  public PlannedRun run(int number) {
    SplittableRandom random = new SplittableRandom(Mix.mix(seed + number * GOLDEN));
    long own = random.nextInt(SEED_BELOW);
    int round = (number - 1) / campaign.round();
    int place = (number - 1) % campaign.round();
    int special = campaign.special();
    if (place < special - 1) {
      List<String> canaries = campaign.canaries();
      return new PlannedRun(
          number,
          Role.CANARY,
          canaries.get(round % canaries.size()),
          own,
          CANARY_LENGTH,
          CANARY_FAULTS,
          CANARY_OPTIONS);
    }
    if (place == special - 1) {
      AppDraw app = campaign.apps().get(round % campaign.apps().size());
      return new PlannedRun(
          number, Role.CONTROL, app.app(), own, campaign.control(), "none", List.of());
    }
    return ordinary(number, round * (campaign.round() - special) + place - special, own, random);
  }

  /// @param ordinal from 0, over all runs that are neither canary nor control
  private PlannedRun ordinary(int number, int ordinal, long own, SplittableRandom random) {
    AppDraw app = campaign.apps().get(ordinal % campaign.apps().size());
    int turn = ordinal / campaign.apps().size();
    List<String> options = new ArrayList<>();
    Duration length = Duration.ZERO;
    for (Option option : app.options()) {
      String value = option.values().get(random.nextInt(option.values().size()));
      if (option.name().equals(LENGTH)) {
        length = Lengths.parse(value).orElseThrow();
      } else {
        options.add("--" + option.name() + "=" + value);
      }
    }
    boolean mixed = app.templates().isEmpty() || (turn % 2 == 1 && !app.mixes().kinds().isEmpty());
    int template = app.mixes().kinds().isEmpty() ? turn : turn / 2;
    return new PlannedRun(
        number,
        mixed ? Role.MIX : Role.TEMPLATE,
        app.app(),
        own,
        length,
        mixed
            ? mix(app.mixes(), length, random)
            : app.templates().get(template % app.templates().size()),
        options);
  }

  /// As many kinds as the load has time for, at least one.
  private static String mix(Campaign.Mixes mixes, Duration length, SplittableRandom random) {
    List<FaultKind> left = new ArrayList<>(mixes.kinds());
    List<FaultKind> chosen = new ArrayList<>();
    int wanted = 1 + random.nextInt(mixes.most());
    double room = length.toMillis() * MIX_SHARE;
    while (chosen.size() < wanted && !left.isEmpty()) {
      FaultKind kind = left.remove(random.nextInt(left.size()));
      long budget = kind.budget().toMillis();
      if (chosen.isEmpty() || budget <= room) {
        chosen.add(kind);
        room -= budget;
      }
    }
    return chosen.stream().sorted().map(FaultKind::word).collect(Collectors.joining(","));
  }
}
