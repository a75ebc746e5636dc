package dev.gretchen.verifier.record;

import java.util.List;

/// What there is to choose from in the record, each in the order of names, commits the latest
/// first.
public record Choices(List<String> apps, List<String> faults, List<String> commits) {
  public Choices {
    apps = List.copyOf(apps);
    faults = List.copyOf(faults);
    commits = List.copyOf(commits);
  }
}
