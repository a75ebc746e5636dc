package dev.gretchen.peers.floor;

import dev.gretchen.peers.worker.Program;
import dev.gretchen.peers.worker.WorkerArguments;
import dev.gretchen.peers.worker.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/// A worker of the floor program.
public final class FloorPeer implements WorkerProcess.Running {

  private static final Duration STOP_BOUND = Duration.ofSeconds(20);
  private static final String COLORS = "colors";

  private final FloorLoop loop;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Throwable failure;

  private FloorPeer(FloorLoop loop) {
    this.loop = loop;
    this.thread = Thread.ofPlatform().name("floor").unstarted(this::run);
  }

  public static void main(String[] arguments) {
    WorkerProcess.run(arguments, List.of(), FloorPeer::start);
  }

  private static FloorPeer start(WorkerArguments arguments) {
    String group =
        switch (arguments.program()) {
          case WORD_COLORS -> "word-colors-floor";
          case COUNT, COUNT_PUBLISHED -> "count-floor";
        };
    createChangelogs(arguments, group);
    FloorPeer peer = new FloorPeer(new FloorLoop(arguments, group));
    peer.thread.start();
    return peer;
  }

  /// Makes the changelogs that are missing: compacted, as many partitions as `colors`.
  private static void createChangelogs(WorkerArguments arguments, String group) {
    List<String> tables =
        arguments.program() == Program.WORD_COLORS
            ? List.of("color-total", "color-minute")
            : List.of("color-total");
    try (Admin admin = Admin.create(Map.copyOf(arguments.connection()))) {
      TopicDescription colors =
          Objects.requireNonNull(
              admin.describeTopics(List.of(COLORS)).allTopicNames().get().get(COLORS));
      int partitions = colors.partitions().size();
      List<NewTopic> topics = new ArrayList<>();
      for (String table : tables) {
        topics.add(
            new NewTopic(
                    group + "-" + table + "-changelog", Optional.of(partitions), Optional.empty())
                .configs(Map.of("cleanup.policy", "compact")));
      }
      for (var created : admin.createTopics(topics).values().values()) {
        try {
          created.get();
        } catch (ExecutionException refused) {
          if (!(refused.getCause() instanceof TopicExistsException)) {
            throw refused;
          }
        }
      }
    } catch (ExecutionException cause) {
      throw new KafkaException("the changelogs cannot be made: " + cause.getCause(), cause);
    } catch (InterruptedException cause) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted while changelogs were made", cause);
    }
  }

  private void run() {
    try {
      loop.run();
    } catch (RuntimeException | Error cause) {
      failure = cause;
    } finally {
      ended.countDown();
    }
  }

  @Override
  public boolean isReady() {
    return loop.isReady();
  }

  @Override
  public @Nullable Throwable awaitEnd() throws InterruptedException {
    ended.await();
    return failure;
  }

  @Override
  public void stop() {
    loop.stop();
    try {
      thread.join(STOP_BOUND);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
