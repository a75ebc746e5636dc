package dev.gretchen.dashboards.demo;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a button of the page asks for.
sealed interface Deed {

  /// SIGKILL.
  record Kill(String worker) implements Deed {}

  /// SIGSTOP, until it is resumed.
  record Pause(String worker) implements Deed {}

  /// SIGCONT.
  record Resume(String worker) implements Deed {}

  /// SIGTERM: it drains, commits and leaves.
  record Stop(String worker) implements Deed {}

  /// A new process on the disk as it is.
  record Start(String worker) implements Deed {}

  /// SIGKILL, its disk emptied, a new process.
  record Wipe(String worker) implements Deed {}

  /// One worker more.
  record Add() implements Deed {}

  /// SIGKILL for a broker.
  record KillBroker(int broker) implements Deed {}

  /// A dead broker comes back on its disk.
  record StartBroker(int broker) implements Deed {}

  /// Kills and restarts, one after the other, for half a minute.
  record Storm() implements Deed {}

  /// The load goes on at another rate.
  record Turn(double perSecond) implements Deed {}

  /// Slow motion on or off.
  record Slow(boolean on) implements Deed {}

  /// An event of somebody's own word.
  record Type(String word) implements Deed {}

  /// Whoever carries deeds out; from any thread.
  interface Taker {

    /// Begins what was asked for.
    ///
    /// @return what is done, in words
    /// @throws IllegalArgumentException where there is no such worker or broker
    /// @throws IllegalStateException where it cannot be done now; with a sentence
    String carryOut(Deed deed) throws InterruptedException;
  }

  /// The longest word that may be typed.
  int WORD_MAX = 60;

  /// Reads what a request asks for.
  ///
  /// @param name the last segment of its path
  /// @param parameters its query's
  /// @throws IllegalArgumentException with a sentence for whoever asked
  static Deed parse(String name, Function<String, @Nullable String> parameters) {
    return switch (name) {
      case "kill" -> new Kill(required(name, "worker", parameters));
      case "pause" -> new Pause(required(name, "worker", parameters));
      case "resume" -> new Resume(required(name, "worker", parameters));
      case "stop" -> new Stop(required(name, "worker", parameters));
      case "start" -> new Start(required(name, "worker", parameters));
      case "wipe" -> new Wipe(required(name, "worker", parameters));
      case "add" -> new Add();
      case "kill-broker" -> new KillBroker(broker(name, parameters));
      case "start-broker" -> new StartBroker(broker(name, parameters));
      case "storm" -> new Storm();
      case "rate" -> new Turn(rate(required(name, "per-second", parameters)));
      case "slow" -> new Slow(required(name, "on", parameters).equals("true"));
      case "type" -> new Type(word(required(name, "word", parameters)));
      default -> throw new IllegalArgumentException("there is no button '" + name + "'");
    };
  }

  private static String required(
      String name, String parameter, Function<String, @Nullable String> parameters) {
    String value = parameters.apply(parameter);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(name + " needs the parameter " + parameter);
    }
    return value.strip();
  }

  private static int broker(String name, Function<String, @Nullable String> parameters) {
    String value = required(name, "broker", parameters);
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(name + " needs a broker's number, found '" + value + "'");
    }
  }

  private static double rate(String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(
          "a rate is a number of events a second, found '" + value + "'");
    }
  }

  private static String word(String value) {
    if (value.length() > WORD_MAX || value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "a word has at most " + WORD_MAX + " printable characters");
    }
    return value;
  }
}
