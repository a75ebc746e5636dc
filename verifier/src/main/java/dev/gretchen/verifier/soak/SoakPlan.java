package dev.gretchen.verifier.soak;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.plan.Plan;
import dev.gretchen.verifier.contract.Mix;
import dev.gretchen.verifier.settings.Lengths;
import dev.gretchen.verifier.soak.Campaign.AppDraw;
import dev.gretchen.verifier.soak.Campaign.Option;
import dev.gretchen.verifier.soak.PlannedRun.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/// The runs of a soak: a pure function of campaign, seed and the run's number, so that nothing but
/// the number has to be remembered.
///
/// Apps and templates come in turn, so that a short night leaves none out; the values of options,
/// mixes of faults and each run's seed are drawn. Every second ordinary run of an app is a mix.
///
/// Where a campaign goes through a catalogue, an ordinary run takes a handful of the kinds that are
/// still open ([Coverage]), those first that were tried least, and a load that has time for all of
/// them. Which are open the journal says of the runs before it; so the same journal still gives the
/// same run.
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

  /// What lies between two faults of a catalogue at the least, so that each shows by itself.
  private static final Duration CATALOGUE_CALM = Duration.ofSeconds(2);

  private static final String LENGTH = "for";
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /// The run of a number where nothing has been run before it.
  ///
  /// @param number from 1
  public PlannedRun run(int number) {
    return run(number, List.of()).orElseThrow();
  }

  /// Whether the run of a number is of a broken engine.
  boolean isCanary(int number) {
    return place(number) < campaign.special() - 1;
  }

  /// Whether it is for the sake of the catalogue.
  boolean isOfCatalogue(int number) {
    return campaign.hasCatalogue() && place(number) >= campaign.special();
  }

  private int place(int number) {
    return (number - 1) % campaign.round();
  }

  /// The run of a number.
  ///
  /// @param number from 1
  /// @param entries of the journal, at least up to the end of the run before it
  /// @return empty where the catalogue holds nothing more to be tried
  Optional<PlannedRun> run(int number, List<Entry> entries) {
    SplittableRandom random = new SplittableRandom(Mix.mix(seed + number * GOLDEN));
    long own = random.nextInt(SEED_BELOW);
    int round = (number - 1) / campaign.round();
    int place = place(number);
    int special = campaign.special();
    if (isCanary(number)) {
      List<String> canaries = campaign.canaries();
      return Optional.of(
          new PlannedRun(
              number,
              Role.CANARY,
              canaries.get(round % canaries.size()),
              own,
              CANARY_LENGTH,
              CANARY_FAULTS,
              CANARY_OPTIONS));
    }
    if (place == special - 1) {
      AppDraw app = campaign.apps().get(round % campaign.apps().size());
      return Optional.of(
          new PlannedRun(
              number, Role.CONTROL, app.app(), own, campaign.control(), "none", List.of()));
    }
    int ordinal = round * (campaign.round() - special) + place - special;
    return campaign.hasCatalogue()
        ? ofCatalogue(number, ordinal, own, random, Coverage.before(number, campaign, entries))
        : Optional.of(ordinary(number, ordinal, own, random));
  }

  /// @param ordinal as below
  private Optional<PlannedRun> ofCatalogue(
      int number, int ordinal, long own, SplittableRandom random, Coverage coverage) {
    List<AppDraw> apps =
        campaign.apps().stream().filter(each -> !coverage.open(each).isEmpty()).toList();
    if (apps.isEmpty()) {
      return Optional.empty();
    }
    AppDraw app = apps.get(ordinal % apps.size());
    List<FaultKind> open = new ArrayList<>(coverage.open(app));
    Collections.shuffle(open, random);
    open.sort(Comparator.comparingInt(coverage::tries));
    Set<FaultKind> chosen =
        EnumSet.copyOf(open.subList(0, Math.min(app.catalogue().most(), open.size())));
    List<String> options = new ArrayList<>();
    for (Option option : app.options()) {
      options.add(text(option, random));
    }
    return Optional.of(
        new PlannedRun(
            number,
            Role.CATALOGUE,
            app.app(),
            own,
            Plan.lengthFor(chosen, CATALOGUE_CALM),
            words(chosen),
            options));
  }

  private static String text(Option option, SplittableRandom random) {
    return "--" + option.name() + "=" + value(option, random);
  }

  private static String value(Option option, SplittableRandom random) {
    return option.values().get(random.nextInt(option.values().size()));
  }

  /// @param ordinal from 0, over all runs that are neither canary nor control
  private PlannedRun ordinary(int number, int ordinal, long own, SplittableRandom random) {
    AppDraw app = campaign.apps().get(ordinal % campaign.apps().size());
    int turn = ordinal / campaign.apps().size();
    List<String> options = new ArrayList<>();
    Duration length = Duration.ZERO;
    for (Option option : app.options()) {
      if (option.name().equals(LENGTH)) {
        length = Lengths.parse(value(option, random)).orElseThrow();
      } else {
        options.add(text(option, random));
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
    return words(chosen);
  }

  private static String words(Collection<FaultKind> kinds) {
    return kinds.stream().sorted().map(FaultKind::word).collect(Collectors.joining(","));
  }
}
