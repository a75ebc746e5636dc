package dev.gretchen.testkit.conformance;

import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/// A member that commits in its callbacks, under the metadata of before and of now.
final class Committing implements ConsumerRebalanceListener {

  private final Stage stage;
  private final Writer writer;
  private final Member member;
  private ConsumerGroupMetadata before;
  private boolean isOver;

  Committing(Stage stage, Writer writer, Member member) {
    this.stage = stage;
    this.writer = writer;
    this.member = member;
    this.before = member.metadata();
  }

  Member member() {
    return member;
  }

  /// Takes the place of the member's own callbacks.
  void subscribe() {
    member.consumer().subscribe(List.of(stage.name("t")), this);
  }

  void remember() {
    before = member.metadata();
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    stage.note(
        "revoked %s in generation %d, before it was %d"
            .formatted(stage.plain(partitions), member.generation(), before.generationId()));
    if (isOver || partitions.isEmpty()) {
      return;
    }
    isOver = true;
    TopicPartition partition = partitions.iterator().next();
    writer.begin();
    writer.offsets("under the metadata of before", Writer.at(partition, 5), before);
    writer.abort();
    writer.begin();
    writer.offsets("under the callback's", Writer.at(partition, 6), member.metadata());
    writer.commit();
    member.attempt("commits", () -> member.consumer().commitSync(Writer.at(partition, 7)));
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    stage.note(
        "assigned %s in generation %d".formatted(stage.plain(partitions), member.generation()));
  }
}
