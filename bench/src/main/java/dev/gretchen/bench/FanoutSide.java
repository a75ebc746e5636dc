package dev.gretchen.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What is compared: the chat with and without coalescing, and a loop without any chat on the same
/// server library.
enum FanoutSide {
  LOOP("bare loop, a write a post", "feed"),
  CHAT("feed-chat, a write a post", "chat-events"),
  CHAT_COALESCED("feed-chat, coalesced for 50 ms", "chat-events");

  /// The same for all sides.
  private static final List<String> JVM =
      List.of("-Xmx1g", "-XX:+UseParallelGC", "--enable-native-access=ALL-UNNAMED");

  private final String label;
  private final String input;

  FanoutSide(String label, String input) {
    this.label = label;
    this.input = input;
  }

  /// The word in raw data and names.
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// For people.
  String label() {
    return label;
  }

  /// The topic that posts are written to.
  String input() {
    return input;
  }

  /// Whether it is the chat.
  boolean isChat() {
    return this != LOOP;
  }

  /// The command that starts a worker.
  List<String> command(Path home, String bootstrap, String worker, int port, Path state) {
    if (!isChat()) {
      return Side.programOn(
          home.resolve("bench/target/lib"),
          JVM,
          "dev.gretchen.bench.stage.BroadcastLoop",
          List.of(Integer.toString(port), bootstrap, input));
    }
    List<String> options =
        new ArrayList<>(
            List.of(
                "--bootstrap=" + bootstrap,
                "--worker=" + worker,
                "--state-dir=" + state,
                "--http-port=" + port,
                "--connections-max=20000",
                "--coalesce=" + (this == CHAT_COALESCED ? 50 : 0)));
    return Side.programOn(
        home.resolve("apps/feed-chat/target/lib"),
        JVM,
        "dev.gretchen.apps.feedchat.FeedChat",
        options);
  }
}
