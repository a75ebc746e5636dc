package dev.gretchen.engine.internal.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gretchen.engine.internal.assign.Peer;
import dev.gretchen.engine.internal.fakes.FakeSurroundings;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FakeResults;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TransactionState;
import org.junit.jupiter.api.Test;

class EvictionTest {

  private final FakeSurroundings surroundings = new FakeSurroundings();
  private final List<String> told = new ArrayList<>();
  private final Eviction eviction = new Eviction(surroundings, admin(), "app");

  /// What happens while the brokers are asked for something.
  private Runnable meanwhile = () -> {};

  private boolean answers = true;

  /// What the brokers say of transactional ids; they do not know others.
  private final Map<String, TransactionState> transactions = new HashMap<>();

  /// Instance ids in the group.
  private List<String> members = List.of();

  @Test
  void removesAndFencesAndFencesAgainWhoMayLive() throws Exception {
    assertThat(eviction.takes(order("w1", true, true))).isTrue();

    assertThat(eviction.step()).isTrue();

    assertThat(told)
        .containsExactly(
            "remove w1-a", "fence app-w1", "w1 removed", "fence app-w1", "w1 fenced", "w1 ended");
  }

  @Test
  void hasNothingWaitBehindWhatIsUnderWay() throws Exception {
    List<Boolean> taken = new ArrayList<>();
    meanwhile = () -> taken.add(eviction.takes(order("w2", true, false)));
    eviction.takes(order("w1", true, false));
    assertThat(eviction.takes(order("w2", true, false))).as("taken, and not begun").isFalse();

    eviction.step();

    assertThat(taken).containsExactly(false, false);
    assertThat(told).doesNotContain("remove w2-a");
    meanwhile = () -> {};
    assertThat(eviction.takes(order("w2", true, false))).as("decided again").isTrue();
    eviction.step();
    assertThat(told).contains("remove w2-a");
  }

  @Test
  void hasNothingWaitWhileItKeepsItsConnectionWarm() throws Exception {
    List<Boolean> taken = new ArrayList<>();
    meanwhile = () -> taken.add(eviction.takes(order("w1", true, false)));

    eviction.step();

    assertThat(told).containsExactly("describe");
    assertThat(taken).containsExactly(false);
    assertThat(eviction.takes(order("w1", true, false))).isTrue();
  }

  @Test
  void saysSoWhereTheBrokersDoNotAnswer() throws Exception {
    answers = false;
    eviction.takes(order("w1", true, false));

    eviction.step();

    assertThat(told).contains("w1 failed", "w1 ended").doesNotContain("w1 removed");
  }

  @Test
  void fencesWhoHasGoneAndLeftATransactionOpen() throws Exception {
    transactions.put("app-w1", TransactionState.ONGOING);
    members = List.of("w2-0000000a", "w10-0000000a");
    eviction.takes(order("w1", false, false));

    eviction.step();

    assertThat(told)
        .containsExactly("look at [app-w1]", "describe", "fence app-w1", "w1 fenced", "w1 ended");
  }

  @Test
  void leavesAloneWhoHasGoneAndLeftNothingOpen() throws Exception {
    transactions.put("app-w1", TransactionState.COMPLETE_COMMIT);
    eviction.takes(order("w1", false, false));

    eviction.step();

    assertThat(told).containsExactly("look at [app-w1]", "w1 ended");
  }

  /// The one that is open may be the next process's, and fencing would hit that.
  @Test
  void leavesAloneWhoseSlotHasAnotherProcessInTheGroup() throws Exception {
    transactions.put("app-w1", TransactionState.ONGOING);
    members = List.of("w1-0000000b");
    eviction.takes(order("w1", false, false));

    eviction.step();

    assertThat(told).containsExactly("look at [app-w1]", "describe", "w1 ended");
  }

  @Test
  void fencesNobodyOfWhomTheBrokersSayNothing() throws Exception {
    eviction.takes(order("w1", false, false));

    eviction.step();

    assertThat(told).containsExactly("look at [app-w1]", "w1 ended");
  }

  private Eviction.Order order(String worker, boolean removes, boolean again) {
    Peer peer =
        new Peer(
            worker + "-a:1",
            worker,
            "a",
            "",
            "",
            "h",
            "app-" + worker,
            new TreeSet<>(),
            new TreeSet<>());
    return new Eviction.Order(
        List.of(peer),
        removes,
        again,
        new Eviction.Outcome() {
          @Override
          public void removed() {
            told.add(worker + " removed");
          }

          @Override
          public void fenced(List<Peer> fenced) {
            fenced.forEach(each -> told.add(each.worker() + " fenced"));
          }

          @Override
          public void failed() {
            told.add(worker + " failed");
          }

          @Override
          public void ended() {
            told.add(worker + " ended");
          }
        });
  }

  private Admin admin() {
    return (Admin)
        Proxy.newProxyInstance(
            Admin.class.getClassLoader(),
            new Class<?>[] {Admin.class},
            (_, method, arguments) -> answer(method.getName(), arguments));
  }

  @SuppressWarnings("unchecked") // transactional ids are text
  private Object answer(String method, Object[] arguments) {
    Object answer =
        switch (method) {
          case "removeMembersFromConsumerGroup" -> {
            var members = ((RemoveMembersFromConsumerGroupOptions) arguments[1]).members();
            members.forEach(member -> told.add("remove " + member.groupInstanceId()));
            yield answers ? FakeResults.removed(members) : FakeResults.unanswered(members);
          }
          case "fenceProducers" -> {
            var ids = (Collection<String>) arguments[0];
            ids.forEach(id -> told.add("fence " + id));
            yield FakeResults.fenced(ids);
          }
          case "describeConsumerGroups" -> {
            told.add("describe");
            yield FakeResults.described("app", members);
          }
          case "describeTransactions" -> {
            var ids = (Collection<String>) arguments[0];
            told.add("look at " + ids);
            yield FakeResults.transactions(ids, transactions);
          }
          default -> throw new UnsupportedOperationException("nobody answers " + method);
        };
    meanwhile.run();
    return answer;
  }
}
