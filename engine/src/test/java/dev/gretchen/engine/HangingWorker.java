package dev.gretchen.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/// A worker as a process of its own, one of whose events hangs. Its first arguments are the app's
/// name, a file that takes a line for each call that it makes, and how long the event of key `slow`
/// hangs, in milliseconds.
final class HangingWorker {

  private HangingWorker() {}

  static App app(String name, Path called, Duration hang) {
    App app = App.named(name);
    Topic<String, String> calls = app.topic(name + "-in", Codecs.utf8(), Codecs.utf8());
    Topic<String, String> answers = app.topic(name + "-out", Codecs.utf8(), Codecs.utf8());
    Table<String, String> seen = app.table("seen", Codecs.utf8(), Codecs.utf8(), () -> "0");
    app.agent(
            "call",
            calls,
            call -> {
              write(called, call.value());
              if (call.key().equals("slow")) {
                Thread.sleep(hang);
              }
              seen.merge(
                  call.key(), 1, (count, more) -> Integer.toString(Integer.parseInt(count) + more));
              answers.send(call.key(), call.value());
            })
        .uses(seen)
        .concurrency(32);
    return app;
  }

  private static synchronized void write(Path called, String value) throws IOException {
    Files.write(called, List.of(value), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  public static void main(String[] arguments) {
    String[] options = java.util.Arrays.copyOfRange(arguments, 3, arguments.length);
    Worker.main(
        options,
        _ ->
            app(
                arguments[0],
                Path.of(arguments[1]),
                Duration.ofMillis(Long.parseLong(arguments[2]))));
  }
}
