package dev.gretchen.apps.feedchat.front;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What makes a moderator. It is kept as a digest, never shown, and compared in a time that says
/// nothing of what it is: digests have one length, and [MessageDigest#isEqual] looks at all of it.
final class ModeratorToken {

  private static final Pattern TOKEN = Pattern.compile("[!-~]{16,200}");
  private static final String BEARER = "Bearer ";

  private final byte @Nullable [] digest;

  private ModeratorToken(byte @Nullable [] digest) {
    this.digest = digest;
  }

  /// Takes the token from the environment or a file; without either, nobody is a moderator.
  ///
  /// @param fromEnvironment null where the environment has none
  /// @param file an empty string for none
  /// @throws IllegalArgumentException without a word of the token in it
  static ModeratorToken of(@Nullable String fromEnvironment, String file) {
    if (!file.isEmpty()) {
      return checked(firstLine(Path.of(file)), "--moderator-token-file " + file);
    }
    return fromEnvironment == null || fromEnvironment.isEmpty()
        ? new ModeratorToken(null)
        : checked(fromEnvironment, "CHAT_MODERATOR_TOKEN");
  }

  /// @param source where it is from, for whoever has to mend it
  private static ModeratorToken checked(String token, String source) {
    if (!TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException(
          source
              + ": expected a token of 16 to 200 characters of '!' to '~', found "
              + token.length()
              + " characters");
    }
    return new ModeratorToken(digest(token));
  }

  private static String firstLine(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.findFirst().orElse("");
    } catch (IOException | UncheckedIOException unread) {
      throw new IllegalArgumentException(
          "--moderator-token-file " + file + " cannot be read: " + unread, unread);
    }
  }

  /// Whether somebody has the token.
  boolean matches(String claimed) {
    byte[] expected = digest;
    return expected != null && MessageDigest.isEqual(expected, digest(claimed));
  }

  /// Whether a request has it, as `Authorization: Bearer TOKEN`.
  boolean matchesHeader(Optional<String> authorization) {
    return authorization
        .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(header -> header.substring(BEARER.length()).strip())
        .filter(this::matches)
        .isPresent();
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException none) {
      throw new IllegalStateException("every JDK has SHA-256", none);
    }
  }

  @Override
  public String toString() {
    return digest == null ? "no moderators' token" : "a moderators' token";
  }
}
