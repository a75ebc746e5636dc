package dev.gretchen.verifier.gate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// The policies that are shipped, as files like anybody's own.
public enum Profile {
  /// What a change must show before it is merged, in five minutes.
  PR,
  /// What a night's soak must show.
  NIGHTLY,
  /// What a release must show.
  PRE_RELEASE,
  /// What one run before an audience shows.
  DEMO;

  /// Its name on a command line.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// @throws IllegalArgumentException where there is none of this name, in one sentence
  public static Profile named(String name) {
    return Arrays.stream(values())
        .filter(profile -> profile.word().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "--profile: expected one of " + names() + ", found '" + name + "'"));
  }

  /// All of them.
  public static String names() {
    return Arrays.stream(values()).map(Profile::word).collect(Collectors.joining(", "));
  }

  public Policy policy() {
    return Policy.parse(file(), text());
  }

  /// The file, as it is shipped.
  public String text() {
    try (InputStream in = Profile.class.getResourceAsStream(file())) {
      if (in == null) {
        throw new IllegalStateException(file() + " is missing from the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file(), e);
    }
  }

  private String file() {
    return word() + ".yaml";
  }
}
