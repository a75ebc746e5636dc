package dev.gretchen.engine;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A handler of a topic's events, with its name, its tables and what follows when it fails. Made by
/// [App#agent]; complete before the worker starts.
public final class Agent {

  private final String name;
  private final Set<String> tables = new LinkedHashSet<>();
  private FailurePolicy policy = FailurePolicy.standard();

  Agent(String name) {
    this.name = name;
  }

  /// The name, unique in the app.
  public String name() {
    return name;
  }

  /// Declares the tables that the handler reads or writes. A table's partitions follow the
  /// partitions of its agent's topic, so that the worker that handles a partition holds that
  /// partition of the table; that is why a table is declared before it is touched.
  public Agent uses(Table<?, ?>... declared) {
    for (Table<?, ?> table : declared) {
      tables.add(table.name());
    }
    return this;
  }

  /// As [#uses(Table...)], for windowed tables.
  public Agent uses(WindowedTable<?, ?>... declared) {
    for (WindowedTable<?, ?> table : declared) {
      tables.add(table.name());
    }
    return this;
  }

  /// What follows when the handler throws; [FailurePolicy#standard] by default. Where several
  /// agents read a topic, the strictest of their policies decides for an event: stop before dead
  /// letter, fewer retries before more.
  public Agent onFailure(FailurePolicy chosen) {
    policy = chosen;
    return this;
  }

  List<String> tables() {
    return List.copyOf(tables);
  }

  FailurePolicy policy() {
    return policy;
  }
}
