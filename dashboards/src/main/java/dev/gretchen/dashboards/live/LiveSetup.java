package dev.gretchen.dashboards.live;

import dev.gretchen.verifier.contract.AppDescriptor;
import dev.gretchen.verifier.contract.Palette;
import dev.gretchen.verifier.contract.StreamKind;
import dev.gretchen.verifier.contract.TableKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is known of an app before anything happens.
///
/// @param partitions of each topic
/// @param sources topics that its workers share out, in the order in which they are drawn
/// @param inputs topics that take the load
/// @param ends topics whose records end an event's way
/// @param counting what it counts, empty where it does not
public record LiveSetup(
    String app,
    int partitions,
    List<String> sources,
    List<String> inputs,
    List<String> ends,
    Optional<Counting> counting) {

  /// The counts of an app that filters words by a palette and counts what is left.
  ///
  /// @param filtered the stream of accepted words
  /// @param updates the stream of a word's tally after each of them
  /// @param table the table that holds the tallies, empty where there is none
  /// @param changelog of that table
  /// @param palette the words that are accepted
  public record Counting(
      String filtered, String updates, String table, String changelog, Palette palette) {}

  public LiveSetup {
    sources = List.copyOf(sources);
    inputs = List.copyOf(inputs);
    ends = List.copyOf(ends);
  }

  /// By an app's descriptor.
  ///
  /// @param palette of the load
  public static LiveSetup of(AppDescriptor app, int partitions, Palette palette) {
    return new LiveSetup(
        app.name(),
        partitions,
        List.copyOf(app.sources()),
        app.inputs(),
        ends(app),
        counting(app, palette));
  }

  /// The streams that owe something for each event and that no other such stream is made of, and
  /// where what fails is put aside. Gathered streams all have each event: the first of them is
  /// where it ends, lest it end twice.
  private static List<String> ends(AppDescriptor app) {
    List<AppDescriptor.Stream> steady =
        app.streams().stream().filter(stream -> stream.kind().isSteady()).toList();
    List<String> ends = new ArrayList<>();
    boolean gathered = false;
    for (AppDescriptor.Stream stream : steady) {
      boolean another = stream.kind() == StreamKind.GATHERED && gathered;
      if (!another && steady.stream().noneMatch(other -> other.source().equals(stream.topic()))) {
        ends.add(stream.topic());
        gathered |= stream.kind() == StreamKind.GATHERED;
      }
    }
    String aside = app.outside().deadLetters();
    if (aside != null) {
      ends.add(aside);
    }
    return ends;
  }

  private static Optional<Counting> counting(AppDescriptor app, Palette palette) {
    for (AppDescriptor.Stream updates : app.streams()) {
      boolean filtered =
          app.streams().stream()
              .anyMatch(stream ->
                  stream.kind() == StreamKind.FILTERED
                      && stream.topic().equals(updates.source())
                      && stream.source().equals(app.input()));
      if (updates.kind() == StreamKind.COUNT_UPDATES && filtered) {
        Optional<AppDescriptor.Table> table =
            app.tables().stream()
                .filter(kept -> kept.kind() == TableKind.COUNTS)
                .filter(kept -> kept.source().equals(updates.source()))
                .findFirst();
        return Optional.of(
            new Counting(
                updates.source(),
                updates.topic(),
                table.map(AppDescriptor.Table::name).orElse(""),
                table.map(AppDescriptor.Table::changelog).orElse(""),
                palette));
      }
    }
    return Optional.empty();
  }
}
