package dev.gretchen.verifier.crowd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gretchen.verifier.check.ClientPostsCheck;
import dev.gretchen.verifier.check.ClientViews;
import dev.gretchen.verifier.check.ResumptionCheck;
import dev.gretchen.verifier.check.RoomOrderCheck;
import dev.gretchen.verifier.check.Witness;
import dev.gretchen.verifier.contract.LoadKind;
import dev.gretchen.verifier.history.SightingReader;
import dev.gretchen.verifier.history.SightingWriter;
import dev.gretchen.verifier.load.Ack;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.LoadShape;
import dev.gretchen.verifier.truth.History;
import dev.gretchen.verifier.truth.OffsetSample;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.truth.RoomIndex;
import dev.gretchen.verifier.truth.Sighting;
import dev.gretchen.verifier.truth.StoreSnapshot;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Status;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The clients of a run against workers of a chat without Kafka, over real WebSockets.
@Timeout(60)
class CrowdIT {

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int CLIENTS = 16;
  private static final LoadPlan PLAN =
      new LoadPlan(LoadShape.uniform(3, 10, Duration.ofSeconds(10), 1, "primary"), LoadKind.CHAT);

  @TempDir private Path folder;
  private final FakeChat.Board board = new FakeChat.Board();
  private final List<FakeChat> workers = new ArrayList<>();
  private SightingWriter history;
  private Crowd crowd;

  @BeforeEach
  void open() {
    history = new SightingWriter(folder.resolve("sightings.log"));
    crowd = new Crowd(PLAN.chat(), CLIENTS, this::doors, history, InstantSource.system());
  }

  @AfterEach
  void close() throws Exception {
    crowd.close();
    for (FakeChat worker : workers) {
      worker.close();
    }
    history.close();
  }

  private List<URI> doors() {
    return workers.stream().filter(FakeChat::isOpen).map(FakeChat::address).toList();
  }

  @Test
  void clientsWhoseWorkerDiesGoOnElsewhereAndMissNothing() throws Exception {
    workers.add(FakeChat.open(board, "w1", false));
    workers.add(FakeChat.open(board, "w2", false));
    crowd.gather(LIMIT);
    crowd.begin();
    await().atMost(LIMIT).until(() -> board.size() > 2);

    workers.getFirst().close();
    long before = board.size();
    await().atMost(LIMIT).until(() -> board.size() > before + 4);
    crowd.rest();
    assertThat(crowd.awaitSettled(LIMIT)).isTrue();
    crowd.awaitQuiet(LIMIT);
    finish();

    assertThat(crowd.problem()).isNull();
    passes(RoomOrderCheck.check(views()));
    passes(ResumptionCheck.check(views(), 1_000));
    passes(ClientPostsCheck.check(views(), board.events()));
    assertThat(sightings())
        .filteredOn(Sighting.Connected.class::isInstance)
        .hasSizeGreaterThan(CLIENTS);
  }

  @Test
  void aPostOfWhichNobodySaidWhatBecameOfItIsSentAgainUnderItsId() throws Exception {
    workers.add(FakeChat.open(board, "dumb", true));
    crowd.gather(LIMIT);
    crowd.begin();
    await().atMost(LIMIT).until(() -> !workers.getFirst().isOpen());
    long id = board.first();

    workers.add(FakeChat.open(board, "w2", false));
    await().atMost(LIMIT).until(() -> board.copies(id) == 2);
    crowd.rest();
    assertThat(crowd.awaitSettled(LIMIT)).isTrue();
    finish();

    passes(ClientPostsCheck.check(views(), board.events()));
    assertThat(sightings())
        .filteredOn(seen -> seen instanceof Sighting.Posted posted && posted.id() == id)
        .hasSize(2);
  }

  private void finish() {
    crowd.close();
    history.flush();
  }

  private List<Sighting> sightings() {
    List<Sighting> all = new ArrayList<>();
    new SightingReader(folder.resolve("sightings.log")).forEachRemaining(all::add);
    return all;
  }

  private ClientViews views() {
    return new ClientViews(
        new Witness(PLAN, board.events(), List.of()),
        new Seen(),
        "feed",
        RoomIndex.of(board.feed()));
  }

  private static void passes(Property property) {
    assertThat(property.status()).as(property.detail()).isEqualTo(Status.PASS);
  }

  /// A history that holds sightings alone.
  private final class Seen implements History {
    @Override
    public Iterator<Sighting> sightings() {
      return new SightingReader(folder.resolve("sightings.log"));
    }

    @Override
    public PartitionedLog log(String topic) {
      throw new IllegalStateException("nobody asks for " + topic);
    }

    @Override
    public Iterator<OffsetSample> offsets() {
      return Collections.emptyIterator();
    }

    @Override
    public List<StoreSnapshot> stores() {
      return List.of();
    }

    @Override
    public Iterator<Ack> acks(int partition) {
      return Collections.emptyIterator();
    }
  }
}
