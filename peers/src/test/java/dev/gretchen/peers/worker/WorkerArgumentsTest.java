package dev.gretchen.peers.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerArgumentsTest {

  @Test
  void readsBothFormsAndTheOptionsOfAPeersOwn() {
    WorkerArguments read =
        WorkerArguments.of(
            List.of("--bootstrap", "localhost:9092", "--commit-interval=250", "--profile=tuned"),
            Map.of(),
            List.of("profile"));
    assertThat(read.connection()).containsEntry("bootstrap.servers", "localhost:9092");
    assertThat(read.commitInterval()).isEqualTo(Duration.ofMillis(250));
    assertThat(read.own("profile", "default")).isEqualTo("tuned");
    assertThat(read.guarantee()).isEqualTo(Guarantee.EXACTLY_ONCE);
    assertThat(read.program()).isEqualTo(Program.WORD_COLORS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--worker=w1                              | --bootstrap is missing",
        "--bootstrap=b --guarantee=perhaps        | expected exactly-once or at-least-once",
        "--bootstrap=b --commit-interval=0        | expected a number from 1 to 60000, found '0'",
        "--bootstrap=b --http-port=many           | expected a number from 0 to 65535, found 'many'",
        "--bootstrap=b --palette=pastel           | pastel",
        "--bootstrap=b --program=sing             | expected word-colors, count or count-published",
        "--bootstrap=b --speed=high               | unknown option --speed",
        "--bootstrap=b --config=no-such-file      | no-such-file cannot be read",
        "bootstrap                                | expected --name=value",
        "--bootstrap                              | needs a value",
      })
  void saysInOneSentenceWhatIsWrong(String line, String part) {
    assertThatThrownBy(() -> WorkerArguments.of(List.of(line.split(" +")), Map.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(part);
  }
}
