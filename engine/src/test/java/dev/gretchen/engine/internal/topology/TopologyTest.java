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

  private static AgentSpec agent(String name, String topic, String... tables) {
    return new AgentSpec(name, topic, List.of(tables), FailurePolicy.standard(), _ -> () -> {});
  }
}
