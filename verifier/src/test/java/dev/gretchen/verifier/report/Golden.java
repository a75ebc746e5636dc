package dev.gretchen.verifier.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// Compares a text with a file of the test resources, which a person has read and found good.
final class Golden {

  private Golden() {}

  static void assertMatches(String file, String text) {
    try (InputStream in = Golden.class.getResourceAsStream("golden/" + file)) {
      String expected =
          new String(
              Objects.requireNonNull(in, "no golden file " + file).readAllBytes(),
              StandardCharsets.UTF_8);
      assertThat(text).as("golden/%s", file).isEqualTo(expected);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
