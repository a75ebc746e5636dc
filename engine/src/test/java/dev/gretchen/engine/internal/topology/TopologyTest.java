package dev.gretchen.engine.internal.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.FailurePolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopologyTest {

  @Test
  void putsATableBesideTheTopicOfItsAgents() {
    Topology topology =
        Topology.of(
            "app",
            List.of(agent("a", "first"), agent("b", "second", "t"), agent("c", "second", "t", "u")),
            List.of(TableSpec.plain("t"), TableSpec.windowed("u", 1_000, 0)),
            List.of("first", "second", "third"));

    assertThat(topology.inputs()).containsExactly("first", "second");
    assertThat(topology.agentsByTopic().get("second"))
        .extracting(AgentSpec::name)
        .containsExactly("b", "c");
    assertThat(topology.tablesByTopic().get("first")).isEmpty();
    assertThat(topology.tablesByTopic().get("second"))
        .extracting(TableSpec::name, TableSpec::isWindowed)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("t", false),
            org.assertj.core.groups.Tuple.tuple("u", true));
    assertThat(topology.changelog("t")).isEqualTo("app-t-changelog");
    assertThat(topology.auditTopic()).isEqualTo("app-audit");
  }

  @Test
  void refusesAnAppWithoutAgents() {
    assertThatThrownBy(() -> Topology.of("empty", List.of(), List.of(), List.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("app empty has no agent");
  }

  @Test
  void refusesATableThatNoAgentUses() {
    assertThatThrownBy(() ->
            Topology.of(
                "app", List.of(agent("a", "in")), List.of(TableSpec.plain("t")), List.of("in")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no agent uses table t")
        .hasMessageContaining("uses(...)");
  }

  @Test
  void refusesATableThatAgentsOfSeveralTopicsUse() {
    assertThatThrownBy(() ->
            Topology.of(
                "app",
                List.of(agent("a", "one", "t"), agent("b", "two", "t")),
                List.of(TableSpec.plain("t")),
                List.of("one", "two")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("[one, two]")
        .hasMessageContaining("re-key");
  }

  @Test
  void refusesNamesThatTheEngineKeepsForItself() {
    for (String kept :
        List.of(
            "app-t-changelog",
            "app-x-repartition",
            "app-audit",
            "app-dead-letters",
            "app-leader",
            "app-replies")) {
      assertThatThrownBy(
              () -> Topology.of("app", List.of(agent("a", "in")), List.of(), List.of("in", kept)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("topic " + kept + " has a name that is kept")
          .hasMessageContaining("choose another");
    }
    assertThat(
            Topology.of(
                    "app",
                    List.of(agent("a", "in")),
                    List.of(),
                    List.of("in", "other-t-changelog", "audit"))
                .topics())
        .hasSize(3);
  }

  @Test
  void refusesATopicBetweenThatNobodyReads() {
    Streams streams =
        new Streams(
            List.of(new Repartition("app-by-page-repartition", List.of("in"), null, 0)), List.of());
    assertThatThrownBy(
            () -> Topology.of("app", List.of(agent("a", "in")), List.of(), List.of("in"), streams))
        .hasMessageContaining("no agent reads")
        .hasMessageContaining("app-by-page-repartition")
        .hasMessageContaining("app.agent(...)");
  }

  @Test
  void refusesTablesOfAgentsWhoseTopicsAreFoundByPattern() {
    assertThatThrownBy(() -> found(List.of("t"), "tell"))
        .hasMessageContaining("agent tell reads the topics that match log.*")
        .hasMessageContaining("groupBy(...) or through(...)");
  }

  @Test
  void findsByPatternWhatItNeitherDeclaresNorMakes() {
    Topology topology = found(List.of(), "tell", "log.a");

    assertThat(topology.finds("log.b")).isTrue();
    assertThat(topology.finds("other")).isFalse();
    assertThat(topology.finds("log.a")).as("declared by name").isFalse();
    assertThat(topology.agents("log.b"))
        .singleElement()
        .satisfies(agent -> assertThat(agent.topic()).isEqualTo("log.b"));
    assertThat(topology.agents("other")).isEmpty();
    assertThat(topology.lanes("log.b")).isEqualTo(LaneSpec.SEQUENTIAL);
  }

  @Test
  void anAgentThatFollowsTakesAsManyAsTheOthers() {
    LaneSpec eight = new LaneSpec(8, null, null);
    AgentSpec follower = AgentSpec.following("f", "in", FailurePolicy.standard(), _ -> () -> {});
    AgentSpec leader =
        new AgentSpec("l", "in", List.of(), FailurePolicy.standard(), eight, _ -> () -> {});

    assertThat(Topology.of("app", List.of(follower, leader), List.of(), List.of("in")).lanes("in"))
        .isEqualTo(eight);
    assertThat(Topology.of("app", List.of(follower), List.of(), List.of("in")).lanes("in"))
        .isEqualTo(LaneSpec.SEQUENTIAL);
  }

  private static Topology found(List<String> tables, String agent, String... declared) {
    PatternAgent byPattern =
        new PatternAgent(
            agent,
            "log.*",
            topic -> topic.startsWith("log."),
            tables,
            topic -> agent(agent, topic));
    return Topology.of(
        "app", List.of(), List.of(), List.of(declared), new Streams(List.of(), List.of(byPattern)));
  }

  private static AgentSpec agent(String name, String topic, String... tables) {
    return new AgentSpec(name, topic, List.of(tables), FailurePolicy.standard(), _ -> () -> {});
  }
}
