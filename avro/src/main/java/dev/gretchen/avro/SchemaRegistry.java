package dev.gretchen.avro;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/// Keeps the schemas by which records were written, so that whoever reads them later knows how.
///
/// A *subject* is what has versions of a schema: `orders-value` are those of the values of topic
/// `orders`. Used by any thread.
public interface SchemaRegistry {

  /// All versions of a subject, oldest first; none for one that is not known.
  ///
  /// @throws RegistryUnavailable if the registry does not answer
  List<RegisteredSchema> versions(String subject);

  /// Keeps a schema as a subject's next version.
  ///
  /// @param known how many versions the subject had when the schema was checked
  /// @return empty if it has other versions by now, so that the schema has to be checked anew
  /// @throws SchemaRefused if the registry has rules of its own that it breaks
  /// @throws RegistryUnavailable if the registry does not answer
  Optional<RegisteredSchema> register(String subject, Schema schema, int known);

  /// The schema of an id that a record names; empty for one that is not known.
  ///
  /// @throws RegistryUnavailable if the registry does not answer
  Optional<Schema> find(long id);

  /// How records name their schemas.
  WireFormat format();

  /// A folder with a file for each version of each subject, `<subject>/<version>.avsc`: shared by
  /// the workers, or shipped with the app. It is made where it is not there.
  static SchemaRegistry directory(Path directory) {
    return new DirectoryRegistry(directory);
  }

  /// A schema registry that speaks the REST API of Confluent's.
  ///
  /// @param base for instance `http://registry:8081`
  static HttpRegistry http(URI base) {
    return new HttpRegistry(base);
  }

  /// One that forgets all with its JVM: for tests.
  static SchemaRegistry inMemory() {
    return new MemoryRegistry();
  }
}
