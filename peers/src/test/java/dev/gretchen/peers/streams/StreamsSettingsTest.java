package dev.gretchen.peers.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.peers.contract.Palette;
import dev.gretchen.peers.worker.Program;
import dev.gretchen.peers.worker.WorkerArguments;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StreamsSettingsTest {

  @ParameterizedTest
  @EnumSource(Profile.class)
  void bothProfilesAreSettingsThatKafkaStreamsKnows(Profile profile) {
    for (Profile.Protocol protocol : Profile.Protocol.values()) {
      Properties settings = StreamsPeer.settings(arguments(), profile, protocol);
      StreamsConfig config = new StreamsConfig(settings);
      assertThat(config.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG))
          .isEqualTo("exactly_once_v2");
      assertThat(config.getLong(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG)).isEqualTo(100);
    }
  }

  @Test
  void theTunedProfileHasItsSessionWhereItsProtocolLooksForIt() {
    assertThat(Profile.TUNED.settings("w1", Profile.Protocol.CLASSIC))
        .containsEntry("consumer.session.timeout.ms", 6_000)
        .containsEntry("consumer.heartbeat.interval.ms", 1_000)
        .containsEntry("num.standby.replicas", 1);
    assertThat(Profile.TUNED.settings("w1", Profile.Protocol.STREAMS))
        .doesNotContainKey("consumer.session.timeout.ms");
    assertThat(Profile.TUNED.groupSettings()).containsEntry("streams.session.timeout.ms", "6000");
    assertThat(Profile.DEFAULT.groupSettings()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Program.class)
  void everyProgramIsATopology(Program program) {
    String described = Topologies.of(program, Palette.parse("primary")).describe().toString();
    assertThat(described).contains("colors", "color-total");
    assertThat(described.contains("color-counts")).isEqualTo(program != Program.COUNT);
    // nothing is repartitioned behind our back
    assertThat(described).doesNotContain("repartition");
  }

  @Test
  void unknownWordsAreNamed() {
    assertThatThrownBy(() -> Profile.parse("fast"))
        .hasMessage("--profile: expected default or tuned, found 'fast'");
    assertThatThrownBy(() -> Profile.protocol("consumer"))
        .hasMessageContaining("expected classic or streams");
  }

  private static WorkerArguments arguments() {
    return WorkerArguments.of(List.of("--bootstrap=localhost:9092"), Map.of(), List.of());
  }
}
