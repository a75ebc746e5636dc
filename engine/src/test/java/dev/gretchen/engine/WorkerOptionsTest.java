package dev.gretchen.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.internal.worker.EngineSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerOptionsTest {

  @Test
  void hasADefaultForAllButTheBrokers() {
    EngineSettings settings = options("--bootstrap=b:1").settings();

    assertThat(settings)
        .isEqualTo(
            new EngineSettings(
                "w1",
                Path.of("state/w1"),
                0,
                "127.0.0.1",
                Guarantee.EXACTLY_ONCE,
                Duration.ofMillis(10),
                Duration.ofMillis(100),
                0,
                "",
                false,
                ((Runtime.getRuntime().maxMemory() >> 20) / 4) << 20,
                1,
                "",
                10_000));
    assertThat(options("--bootstrap=b:1").connection())
        .isEqualTo(Map.of("bootstrap.servers", "b:1"));
  }

  @Test
  void readsBothFormsAndTheEnvironment() {
    WorkerOptions options =
        WorkerOptions.of(
            List.of(
                "--worker",
                "w2",
                "--state-dir=/data/x=y",
                "--http-port=8080",
                "--peer-host=10.0.0.7",
                "--guarantee=at-least-once",
                "--commit-interval",
                "250",
                "--commit-interval-min=20",
                "--create-topics=4",
                "--cache-mb=7",
                "--state=memory",
                "--standbys=2",
                "--rack=r1",
                "--acceptable-lag=500"),
            Map.of("GRETCHEN_FAILPOINTS", "on"));

    assertThat(options.settings())
        .isEqualTo(
            new EngineSettings(
                "w2",
                Path.of("/data/x=y"),
                8080,
                "10.0.0.7",
                Guarantee.AT_LEAST_ONCE,
                Duration.ofMillis(20),
                Duration.ofMillis(250),
                4,
                "on",
                true,
                7 << 20,
                2,
                "r1",
                500));
  }

  @Test
  void leavesAnAppItsOwnOptions() {
    WorkerOptions options = options("--palette=css", "--worker=w3");

    assertThat(options.take("palette", "primary")).isEqualTo("css");
    assertThat(options.take("palette", "primary")).isEqualTo("primary");
    assertThat(options.settings().worker()).isEqualTo("w3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          words                     | expected --name=value, found 'words'
          --worker                  | option --worker needs a value
          --worker --state=memory   | option --worker needs a value
          --colour=red              | unknown option --colour
          --state=tape              | --state: expected disk or memory, found 'tape'
          --http-port=http          | --http-port: expected a number from 0 to 65535, found 'http'
          --http-port=65536         | --http-port: expected a number from 0 to 65535, found '65536'
          --commit-interval=0       | --commit-interval: expected a number from 1 to 60000, found '0'
          --standbys=11             | --standbys: expected a number from 0 to 10, found '11'
          --standbys=one            | --standbys: expected a number from 0 to 10, found 'one'
          --acceptable-lag=-1       | --acceptable-lag: expected a number from 0 to 2147483647, found '-1'
          --rack=                   | --rack: expected a name of at most 100 characters, found ''
          --create-topics=-1        | --create-topics: expected a number from 0 to 10000, found '-1'
          --guarantee=perhaps       | guarantee: expected exactly-once or at-least-once, found 'perhaps'
          --worker=a,b              | a worker's name must not be blank nor hold a comma, found 'a,b'
          """)
  void saysWhatIsWrongInOneSentence(String arguments, String sentence) {
    assertThatThrownBy(() -> options(arguments.split(" ")).settings())
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .startsWith(sentence);
  }

  @Test
  void needsTheBrokers() {
    assertThatThrownBy(() -> options("--worker=w1").connection())
        .hasMessageContaining("--bootstrap is missing");
  }

  @Test
  void readsClientPropertiesWithTheCommandLineAboveThem(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("client.properties");
    Files.writeString(file, "bootstrap.servers=file:1\nsecurity.protocol=SSL\n");

    assertThat(
            WorkerOptions.of(List.of(), Map.of("GRETCHEN_CLIENT_CONFIG", file.toString()))
                .connection())
        .isEqualTo(Map.of("bootstrap.servers", "file:1", "security.protocol", "SSL"));
    assertThat(options("--config=" + file, "--bootstrap=line:2").connection())
        .containsEntry("bootstrap.servers", "line:2");
    assertThatThrownBy(() -> options("--config=" + directory.resolve("none")).connection())
        .hasMessageContaining("cannot be read");
  }

  private static WorkerOptions options(String... arguments) {
    return WorkerOptions.of(List.of(arguments), Map.of());
  }
}
