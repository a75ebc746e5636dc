package dev.gretchen.avro;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.SchemaParseException;

/// Schemas in a folder, `<subject>/<version>.avsc`, which several processes may share, and which
/// can be kept with the sources.
///
/// A version is written beside its place and then linked to it: a file is whole from the moment it
/// is there, and of two who write the same version one is refused. A schema's id is its
/// fingerprint, so folders of different machines agree on it, and what one of them lacks it does
/// not mistake for something else.
final class DirectoryRegistry implements SchemaRegistry {

  private static final String SUFFIX = ".avsc";
  private static final Pattern VERSION = Pattern.compile("([1-9][0-9]{0,8})\\.avsc");
  private static final Pattern SUBJECT = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]*");

  private final Path directory;
  private final Map<Long, Schema> byId = new ConcurrentHashMap<>();

  DirectoryRegistry(Path directory) {
    this.directory = directory;
  }

  @Override
  public List<RegisteredSchema> versions(String subject) {
    Path folder = folder(subject);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<RegisteredSchema> versions = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Matcher version = VERSION.matcher(file.getFileName().toString());
        if (version.matches()) {
          versions.add(read(Integer.parseInt(version.group(1)), file));
        }
      }
    } catch (IOException failure) {
      throw unavailable("cannot be read", failure);
    }
    versions.sort(Comparator.comparingInt(RegisteredSchema::version));
    return List.copyOf(versions);
  }

  private RegisteredSchema read(int version, Path file) throws IOException {
    Schema schema;
    try {
      schema = new Schema.Parser().parse(Files.readString(file));
    } catch (SchemaParseException broken) {
      throw new RegistryUnavailable(
          "schema registry "
              + directory
              + ": the file "
              + file
              + " holds no Avro schema ("
              + broken.getMessage()
              + "); bring back what was there, since records were written by it",
          broken);
    }
    long id = SchemaNormalization.parsingFingerprint64(schema);
    byId.put(id, schema);
    return new RegisteredSchema(version, id, schema);
  }

  @Override
  public Optional<RegisteredSchema> register(String subject, Schema schema, int known) {
    List<RegisteredSchema> before = versions(subject);
    if (before.size() != known) {
      return Optional.empty();
    }
    int version = before.isEmpty() ? 1 : before.getLast().version() + 1;
    Path folder = folder(subject);
    try {
      Files.createDirectories(folder);
      Path draft = Files.createTempFile(folder, "draft", ".tmp");
      try {
        Files.writeString(draft, SchemaFormatter.format("json/pretty", schema) + "\n");
        Path file = folder.resolve(version + SUFFIX);
        Files.createLink(file, draft);
        return Optional.of(read(version, file));
      } catch (FileAlreadyExistsException _) {
        return Optional.empty();
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException failure) {
      throw unavailable("cannot be written", failure);
    }
  }

  /// Looks into the folder again for an id that it has not seen: another worker may have written
  /// it.
  @Override
  public Optional<Schema> find(long id) {
    Schema found = byId.get(id);
    if (found == null && Files.isDirectory(directory)) {
      try (Stream<Path> subjects = Files.list(directory)) {
        subjects
            .filter(Files::isDirectory)
            .forEach(subject -> versions(subject.getFileName().toString()));
      } catch (IOException | UncheckedIOException failure) {
        throw unavailable("cannot be read", failure);
      }
      found = byId.get(id);
    }
    return Optional.ofNullable(found);
  }

  @Override
  public WireFormat format() {
    return WireFormat.SINGLE_OBJECT;
  }

  private Path folder(String subject) {
    if (!SUBJECT.matcher(subject).matches()) {
      throw new IllegalArgumentException(
          "a subject is the name of a folder here: expected letters, digits, '.', '_' and '-', found '"
              + subject
              + "'");
    }
    return directory.resolve(subject);
  }

  private RegistryUnavailable unavailable(String what, Exception failure) {
    return new RegistryUnavailable(
        "schema registry " + directory + " " + what + ": " + failure, failure);
  }
}
