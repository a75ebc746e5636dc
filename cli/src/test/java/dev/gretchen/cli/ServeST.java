package dev.gretchen.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The record's server as a process: it says where it is, answers there, and ends with Ctrl-C.
class ServeST {

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Pattern ADDRESS = Pattern.compile("serving \\S+ at (http://\\S+/)");

  @TempDir private Path folder;

  @Test
  void answersUntilCtrlC() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "0123456789abcdef\n");
    Path runs = Files.createDirectories(folder.resolve("runs"));
    Command.Running server =
        Command.start(folder, "serve", "--runs=" + runs, "--port=0", "--token-file=" + token);
    await().atMost(BOUND).until(() -> ADDRESS.matcher(server.output()).find());
    Matcher address = ADDRESS.matcher(server.output());
    assertThat(address.find()).isTrue();

    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(get(client, address.group(1))).contains("No such run. Make one with");
      assertThat(get(client, address.group(1) + "api/campaigns")).contains("\"canStart\":true");
    }
    Command taken =
        Command.run(
            BOUND,
            folder,
            "serve",
            "--runs=" + runs,
            "--port=" + URI.create(address.group(1)).getPort());
    assertThat(taken.status()).isEqualTo(3);
    assertThat(taken.err()).contains("cannot be taken").doesNotContain("\tat ");

    new ProcessBuilder("kill", "-INT", Long.toString(server.process().pid())).start().waitFor();
    assertThat(server.await(BOUND).status()).isEqualTo(130);
  }

  private static String get(HttpClient client, String address) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(address)).timeout(BOUND).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
