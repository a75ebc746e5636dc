package dev.gretchen.testkit.conformance;

import java.util.List;
import java.util.stream.Stream;

/// All scripts.
final class Scripts {

  private Scripts() {}

  static List<Script> all() {
    return Stream.of(
            ProduceScripts.all(),
            BatchScripts.all(),
            TransactionScripts.all(),
            FencingScripts.all(),
            OffsetScripts.all(),
            GroupScripts.all(),
            StaticMemberScripts.all(),
            ReadScripts.all(),
            AdminScripts.all(),
            RecreatedScripts.all())
        .flatMap(List::stream)
        .toList();
  }
}
