package dev.gretchen.verifier.history;

import dev.gretchen.verifier.truth.StableSample;
import dev.gretchen.verifier.truth.StableSample.OpenTransaction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// Asks the brokers how far committed readers can read the topics of an app, and which transactions
/// they cannot read beyond, and writes the answers to the history. One thread at a time.
public final class TransactionsProbe implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final long UNKNOWN = -1;

  private final Admin admin;
  private final LogEnds logs;
  private final Set<String> topics;
  private final InstantSource clock;
  private final JsonLines.Writer<StableSample> history;

  /// Whose transactions they are.
  private record Owner(String transactionalId, long timeoutMillis) {
    static final Owner NOBODY = new Owner("", UNKNOWN);
  }

  /// A probe that appends to a run's history.
  ///
  /// @param topics to look at, those that are there
  public TransactionsProbe(
      Map<String, Object> clientConfig,
      Collection<String> topics,
      RunDirectory run,
      InstantSource clock) {
    Map<String, Object> config = new HashMap<>(clientConfig);
    // short: whoever asks goes on without, or asks again
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
    this.admin = Admin.create(config);
    this.logs = new LogEnds(admin);
    this.topics = Set.copyOf(topics);
    this.clock = clock;
    this.history = new JsonLines.Writer<>(run.transactions());
  }

  /// Takes a sample.
  ///
  /// @throws KafkaException where the brokers do not answer; nothing is written then
  public StableSample sample() throws InterruptedException {
    try {
      StableSample sample = look(false);
      history.append(sample);
      return sample;
    } catch (ExecutionException e) {
      throw new KafkaException("the ends of the logs cannot be read", e.getCause());
    }
  }

  /// Takes the last sample, when all is quiet: one in which nothing is open, or what there is at
  /// the end of a time.
  ///
  /// @throws KafkaException where the brokers have not answered in that time
  public StableSample sampleAtRest(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      boolean late = System.nanoTime() >= deadline;
      try {
        StableSample sample = look(true);
        if (sample.open().isEmpty() || late) {
          history.append(sample);
          return sample;
        }
      } catch (ExecutionException e) {
        if (late) {
          throw new KafkaException("the ends of the logs cannot be read", e.getCause());
        }
      }
      Thread.sleep(PAUSE);
    }
  }

  private StableSample look(boolean last) throws InterruptedException, ExecutionException {
    List<TopicPartition> partitions = logs.partitions(topics);
    Map<TopicPartition, Long> ends = logs.ends(partitions, IsolationLevel.READ_UNCOMMITTED);
    Map<TopicPartition, Long> stable = logs.ends(partitions, IsolationLevel.READ_COMMITTED);
    List<TopicPartition> behind =
        partitions.stream()
            .filter(tp -> stable.getOrDefault(tp, 0L) < ends.getOrDefault(tp, 0L))
            .toList();
    List<OpenTransaction> open = new ArrayList<>();
    if (!behind.isEmpty()) {
      Map<TopicPartition, List<ProducerState>> producers = producers(behind);
      Map<Long, Owner> owners = owners(producers.values());
      for (TopicPartition tp : behind) {
        long stableEnd = stable.getOrDefault(tp, 0L);
        long end = ends.getOrDefault(tp, 0L);
        List<ProducerState> its = producers.getOrDefault(tp, List.of());
        for (ProducerState producer : its) {
          Owner owner = owners.getOrDefault(producer.producerId(), Owner.NOBODY);
          open.add(
              new OpenTransaction(
                  tp.topic(),
                  tp.partition(),
                  end,
                  stableEnd,
                  producer.producerId(),
                  producer.currentTransactionStartOffset().orElse(stableEnd),
                  owner.transactionalId(),
                  owner.timeoutMillis()));
        }
        // under load it has ended meanwhile; at rest that must show
        if (its.isEmpty() && last) {
          open.add(
              new OpenTransaction(
                  tp.topic(), tp.partition(), end, stableEnd, UNKNOWN, stableEnd, "", UNKNOWN));
        }
      }
    }
    return new StableSample(clock.millis(), partitions.size(), last, open);
  }

  /// Those with an open transaction.
  private Map<TopicPartition, List<ProducerState>> producers(List<TopicPartition> partitions)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, List<ProducerState>> producers = new HashMap<>();
    admin
        .describeProducers(partitions)
        .all()
        .get()
        .forEach((tp, state) ->
            producers.put(
                tp,
                state.activeProducers().stream()
                    .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                    .toList()));
    return producers;
  }

  /// By producer; none where a coordinator does not answer, or has forgotten it.
  private Map<Long, Owner> owners(Collection<List<ProducerState>> producers)
      throws InterruptedException {
    Set<Long> ids =
        producers.stream()
            .flatMap(List::stream)
            .map(ProducerState::producerId)
            .collect(Collectors.toSet());
    Map<Long, Owner> owners = new HashMap<>();
    if (ids.isEmpty()) {
      return owners;
    }
    try {
      List<String> names =
          admin
              .listTransactions(new ListTransactionsOptions().filterProducerIds(ids))
              .all()
              .get()
              .stream()
              .map(TransactionListing::transactionalId)
              .toList();
      admin
          .describeTransactions(names)
          .all()
          .get()
          .forEach((name, transaction) ->
              owners.put(
                  transaction.producerId(), new Owner(name, transaction.transactionTimeoutMs())));
    } catch (ExecutionException _) {
      // whose they are is not known then; that they are open is
    }
    return owners;
  }

  @Override
  public void close() {
    history.close();
    admin.close(Duration.ofSeconds(5));
  }
}
