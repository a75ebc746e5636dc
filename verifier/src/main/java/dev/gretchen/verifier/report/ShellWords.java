package dev.gretchen.verifier.report;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Quoting for POSIX shells: single quotes around everything that is not plainly harmless.
final class ShellWords {

  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellWords() {}

  static String join(List<String> words) {
    return words.stream().map(ShellWords::quote).collect(Collectors.joining(" "));
  }

  static String quote(String word) {
    return HARMLESS.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
