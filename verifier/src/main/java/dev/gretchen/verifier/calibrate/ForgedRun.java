package dev.gretchen.verifier.calibrate;

import dev.gretchen.verifier.history.AckReader;
import dev.gretchen.verifier.history.AckWriter;
import dev.gretchen.verifier.history.JsonLines;
import dev.gretchen.verifier.history.LogReader;
import dev.gretchen.verifier.history.LogWriter;
import dev.gretchen.verifier.history.RunDirectory;
import dev.gretchen.verifier.history.SightingReader;
import dev.gretchen.verifier.history.SightingWriter;
import dev.gretchen.verifier.history.StoreLine;
import dev.gretchen.verifier.load.Ack;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.truth.Sighting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Writes a falsified run: a run directory that shares every file with the recorded one but those
/// that are changed. Memory is constant; the recorded run is only read.
final class ForgedRun {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final RunDirectory from;
  private final RunDirectory to;

  private ForgedRun(RunDirectory from, RunDirectory to) {
    this.from = from;
    this.to = to;
  }

  /// Writes it into a folder that is not there yet.
  static void write(RunDirectory from, List<Change> changes, Path folder) {
    ForgedRun run = new ForgedRun(from, new RunDirectory(folder));
    try {
      changes.forEach(run::apply);
      run.shareTheRest();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the falsified run " + folder, e);
    }
  }

  private void apply(Change change) {
    try {
      switch (change) {
        case Change.InLog(String topic, int p, Change.Rewrite rewrite) ->
            records(from.log(topic, p), p, rewrite);
        case Change.InEntries(String table, int p, String worker, Change.Rewrite rewrite) ->
            records(from.storeEntries(table, p, worker), p, rewrite);
        case Change.InStores(Function<StoreLine, List<StoreLine>> rewrite) ->
            lines(from.stores(), StoreLine.class, rewrite);
        case Change.InOffsets(UnaryOperator<OffsetSample> rewrite) ->
            lines(from.offsets(), OffsetSample.class, sample -> List.of(rewrite.apply(sample)));
        case Change.InLines<?> lines -> lines(lines);
        case Change.InFault(int line, Map<String, Object> facts) ->
            text(
                from.faults(),
                faults -> {
                  String[] lines = faults.split("\n");
                  lines[line] = with(lines[line], facts);
                  return String.join("\n", lines) + "\n";
                });
        case Change.InSightings(Function<Sighting, List<Sighting>> rewrite) -> sightings(rewrite);
        case Change.InAcks(int p, UnaryOperator<Ack> rewrite) -> acks(p, rewrite);
        case Change.InFacts(String field, Object value) ->
            text(from.env(), env -> with(env, Map.of(field, value)) + "\n");
        case Change.InDescriptor(UnaryOperator<String> rewrite) -> text(from.descriptor(), rewrite);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the falsified run " + to.path(), e);
    }
  }

  private static String with(String json, Map<String, Object> facts) {
    ObjectNode object = (ObjectNode) JSON.readTree(json);
    facts.forEach(object::putPOJO);
    return JSON.writeValueAsString(object);
  }

  private void records(Path file, int partition, Change.Rewrite rewrite) throws IOException {
    rewritten(
        file,
        (source, target) -> {
          try (LogWriter writer = new LogWriter(target)) {
            for (Iterator<LogRecord> records = new LogReader(source, partition);
                records.hasNext(); ) {
              rewrite.apply(records.next()).forEach(writer::append);
            }
          }
        });
  }

  private <T extends Record> void lines(Path file, Class<T> type, Function<T, List<T>> rewrite)
      throws IOException {
    rewritten(
        file,
        (source, target) -> {
          try (var writer = new JsonLines.Writer<T>(target)) {
            JsonLines.read(source, type)
                .forEachRemaining(line -> rewrite.apply(line).forEach(writer::append));
          }
        });
  }

  private <T extends Record> void lines(Change.InLines<T> change) throws IOException {
    lines(change.file().apply(from), change.type(), change.rewrite());
  }

  private void sightings(Function<Sighting, List<Sighting>> rewrite) throws IOException {
    rewritten(
        from.sightings(),
        (source, target) -> {
          try (SightingWriter writer = new SightingWriter(target)) {
            new SightingReader(source)
                .forEachRemaining(sighting -> rewrite.apply(sighting).forEach(writer::append));
          }
        });
  }

  /// The writer of acknowledgements makes a file for each partition up to the one that is meant.
  private void acks(int partition, UnaryOperator<Ack> rewrite) throws IOException {
    rewritten(
        from.acks(partition),
        (source, target) -> {
          RunDirectory scratch = new RunDirectory(to.path().resolve("scratch"));
          try (AckWriter writer = new AckWriter(scratch, partition + 1)) {
            new AckReader(source)
                .forEachRemaining(ack -> writer.append(partition, rewrite.apply(ack)));
          }
          Files.move(scratch.acks(partition), target);
          Folders.delete(scratch.path());
        });
  }

  private void text(Path file, UnaryOperator<String> rewrite) throws IOException {
    rewritten(
        file,
        (source, target) -> Files.writeString(target, rewrite.apply(Files.readString(source))));
  }

  @FunctionalInterface
  private interface Rewriting {
    void write(Path source, Path target) throws IOException;
  }

  /// Rewrites a file, or rewrites it once more.
  private void rewritten(Path file, Rewriting rewriting) throws IOException {
    Path target = to.path().resolve(from.path().relativize(file));
    Files.createDirectories(target.toAbsolutePath().getParent());
    if (!Files.exists(target)) {
      rewriting.write(file, target);
      return;
    }
    Path before = target.resolveSibling(target.getFileName() + ".before");
    Files.move(target, before);
    rewriting.write(before, target);
    Files.delete(before);
  }

  private void shareTheRest() throws IOException {
    List<Path> files =
        new ArrayList<>(List.of(from.env(), from.descriptor(), from.plan(), from.faults()));
    try (Stream<Path> history = Files.walk(from.offsets().getParent())) {
      history.filter(Files::isRegularFile).forEach(files::add);
    }
    for (Path file : files) {
      Path target = to.path().resolve(from.path().relativize(file));
      if (Files.exists(file) && !Files.exists(target)) {
        Files.createDirectories(target.toAbsolutePath().getParent());
        share(file, target);
      }
    }
  }

  private static void share(Path file, Path target) throws IOException {
    try {
      Files.createLink(target, file.toRealPath());
    } catch (UnsupportedOperationException | FileSystemException _) {
      // no hard links, or another file system
      Files.copy(file, target);
    }
  }
}
