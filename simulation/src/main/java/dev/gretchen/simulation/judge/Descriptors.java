package dev.gretchen.simulation.judge;

import dev.gretchen.verifier.contract.AppDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The descriptors of the apps that are simulated, from the class path: the build puts the app's
/// own file there.
public final class Descriptors {

  private static final String WORD_COLORS = "gretchen.yaml";
  private static final String WINDOWS = "windows/gretchen.yaml";

  private Descriptors() {}

  /// The descriptor of word-colors. Parses it: read it once.
  public static AppDescriptor wordColors() {
    return read(WORD_COLORS);
  }

  /// The descriptor of windows. Parses it: read it once.
  public static AppDescriptor windows() {
    return read(WINDOWS);
  }

  private static AppDescriptor read(String name) {
    try (InputStream file = Descriptors.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(
            "the descriptor " + name + " is not in the jar of the simulation; build it again");
      }
      String yaml = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return AppDescriptor.parse(name, yaml);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }
}
