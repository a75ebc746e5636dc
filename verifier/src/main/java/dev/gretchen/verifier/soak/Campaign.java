package dev.gretchen.verifier.soak;

import dev.gretchen.chaos.fault.FaultKind;
import dev.gretchen.chaos.fault.Skipped;
import dev.gretchen.verifier.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What the runs of a soak are drawn from. The keys are explained in `docs/soak.md`.
///
/// A campaign goes in rounds: each begins with a canary, where there is one, and a control.
///
/// @param name as summaries show it
/// @param round how many runs a round has
/// @param runsMax it ends after so many runs, 0 for never
/// @param diskMax bytes that histories and logs of its runs may take
/// @param canaries descriptors of broken engines, below the project's folder, in turn
/// @param control how long the load of a run without faults is
/// @param apps in turn
public record Campaign(
    String name,
    int round,
    int runsMax,
    long diskMax,
    List<String> canaries,
    Duration control,
    List<AppDraw> apps) {

  /// The schema that this version reads.
  public static final String SCHEMA = "gretchen.campaign/1";

  /// The campaigns that are shipped.
  public static final List<String> SHIPPED = List.of("nightly", "pr", "catalogue");

  public Campaign {
    canaries = List.copyOf(canaries);
    apps = List.copyOf(apps);
  }

  /// What the runs of an app are drawn from.
  ///
  /// @param app its name, or the file of its descriptor
  /// @param options of `./gretchen verify`, each with the values that it may have
  /// @param templates selections of faults, in turn, as `--faults` has them
  /// @param mixes faults to be drawn from one by one
  /// @param catalogue faults of which each must have been tried; where there are some, there are
  ///   neither templates nor mixes
  public record AppDraw(
      String app, List<Option> options, List<String> templates, Mixes mixes, Catalogue catalogue) {
    public AppDraw {
      options = List.copyOf(options);
      templates = List.copyOf(templates);
    }
  }

  /// An option and the values that it may have.
  ///
  /// @param name as on the command line, without its dashes
  public record Option(String name, List<String> values) {
    public Option {
      values = List.copyOf(values);
    }
  }

  /// Kinds of faults to be mixed.
  ///
  /// @param kinds none for no mixes
  /// @param most how many kinds a mix has at the most
  public record Mixes(List<FaultKind> kinds, int most) {
    public Mixes {
      kinds = List.copyOf(kinds);
    }
  }

  /// Kinds of faults that are gone through until the effect of each was proven, or somebody has
  /// said why it cannot be done.
  ///
  /// @param kinds none for no such thing
  /// @param skipped what was asked for, and is done nowhere
  /// @param most how many kinds a run has at the most
  public record Catalogue(List<FaultKind> kinds, List<Skipped> skipped, int most) {
    static final Catalogue NONE = new Catalogue(List.of(), List.of(), 1);

    public Catalogue {
      kinds = List.copyOf(kinds);
      skipped = List.copyOf(skipped);
    }
  }

  /// Whether it goes through a catalogue, at whose end it ends.
  public boolean hasCatalogue() {
    return apps.stream().anyMatch(app -> !app.catalogue().kinds().isEmpty());
  }

  /// Whether it ends without being given a time.
  public boolean endsByItself() {
    return runsMax > 0 || hasCatalogue();
  }

  /// How many runs of a round are a canary or a control.
  int special() {
    return canaries.isEmpty() ? 1 : 2;
  }

  /// The text of a campaign that is shipped.
  ///
  /// @throws IllegalArgumentException where there is none of this name, in one sentence
  public static String shipped(String name) {
    if (!SHIPPED.contains(name)) {
      throw new IllegalArgumentException(
          "--campaign: expected a file (.yaml) or one of %s, found '%s'"
              .formatted(String.join(", ", SHIPPED), name));
    }
    try (InputStream in = Campaign.class.getResourceAsStream(name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException(name + ".yaml is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name + ".yaml", e);
    }
  }

  /// Reads a campaign.
  ///
  /// @throws dev.gretchen.verifier.settings.SettingsException where it says something that is not
  ///   allowed
  public static Campaign read(Path file) {
    return CampaignReader.campaign(Settings.read(file));
  }

  /// Reads a campaign from a text.
  ///
  /// @param file how mistakes name it
  public static Campaign parse(String file, String yaml) {
    return CampaignReader.campaign(Settings.parse(file, yaml));
  }
}
