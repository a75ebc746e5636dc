package dev.gretchen.avro;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.util.ClassSecurityValidator;

/// Tells Avro which classes it may make. It makes none by their names in a schema unless it was
/// told to trust them, since a schema may come from anybody.
///
/// Trusted are the class that an app has named, and those that this class itself leads to by its
/// own schema; what else a registry or a record names is not. Avro keeps this for the whole JVM.
final class Trust {

  /// Where a schema names classes beside those of its records.
  private static final List<String> CLASS_PROPERTIES =
      List.of("java-class", "java-key-class", "java-element-class");

  private Trust() {}

  /// What was trusted before, and classes by their names.
  private record Named(ClassSecurityValidator.ClassSecurityPredicate before, Set<String> names)
      implements ClassSecurityValidator.ClassSecurityPredicate {

    @Override
    public boolean isTrusted(Class<?> type) {
      return names.contains(type.getName()) || before.isTrusted(type);
    }
  }

  /// Trusts a class, and those of its schema.
  static synchronized void in(Class<?> type, Schema schema) {
    Named trusted =
        ClassSecurityValidator.getGlobal() instanceof Named ours
            ? ours
            : new Named(ClassSecurityValidator.getGlobal(), ConcurrentHashMap.newKeySet());
    trusted.names().add(type.getName());
    namesOf(schema, trusted.names(), new HashSet<>());
    ClassSecurityValidator.setGlobal(trusted);
  }

  private static void namesOf(Schema schema, Set<String> names, Set<String> seen) {
    for (String property : CLASS_PROPERTIES) {
      String named = schema.getProp(property);
      if (named != null) {
        names.add(named);
      }
    }
    switch (schema.getType()) {
      case RECORD -> {
        if (addNamed(schema, names, seen)) {
          schema.getFields().forEach(field -> namesOf(field.schema(), names, seen));
        }
      }
      case ENUM, FIXED -> addNamed(schema, names, seen);
      case ARRAY -> namesOf(schema.getElementType(), names, seen);
      case MAP -> namesOf(schema.getValueType(), names, seen);
      case UNION -> schema.getTypes().forEach(type -> namesOf(type, names, seen));
      case STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {
        // no class of the app's
      }
    }
  }

  /// A class within another is named there as if that were its package.
  private static boolean addNamed(Schema schema, Set<String> names, Set<String> seen) {
    if (!seen.add(schema.getFullName())) {
      return false;
    }
    names.add(schema.getFullName());
    String within = schema.getNamespace();
    if (within != null) {
      names.add(within + "$" + schema.getName());
    }
    return true;
  }
}
