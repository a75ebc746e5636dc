package dev.gretchen.testkit.conformance;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/// Group metadata, of members that are and that are not.
@SuppressWarnings("removal") // its constructors are to be hidden one day, not the type
final class Metadata {

  private Metadata() {}

  static ConsumerGroupMetadata unjoined(Stage stage, String group) {
    return new ConsumerGroupMetadata(stage.name(group));
  }

  static ConsumerGroupMetadata stranger(Stage stage, String group, int generation) {
    return new ConsumerGroupMetadata(stage.name(group), generation, "stranger", Optional.empty());
  }

  /// A member in a generation that is not its own.
  static ConsumerGroupMetadata in(ConsumerGroupMetadata member, int generation) {
    return new ConsumerGroupMetadata(
        member.groupId(), generation, member.memberId(), member.groupInstanceId());
  }

  /// Somebody else under a static member's instance id.
  static ConsumerGroupMetadata impostor(ConsumerGroupMetadata member) {
    return new ConsumerGroupMetadata(
        member.groupId(), member.generationId(), "impostor", member.groupInstanceId());
  }
}
