package dev.gretchen.serve.internal.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Optional;

/// The token that whoever changes something must show, as `Authorization: Bearer`.
///
/// Only its hash is kept, and hashes are compared, in a time that does not depend on where they
/// differ: neither length nor beginning of the token can be found out by trying.
public final class Token {

  /// A token must be as long as this at least: whoever can reach the port can try.
  public static final int LENGTH_MIN = 16;

  /// The name in the environment that a server may have it from.
  public static final String VARIABLE = "GRETCHEN_TOKEN";

  private static final String SCHEME = "Bearer ";

  private final byte[] hash;

  private Token(byte[] hash) {
    this.hash = hash;
  }

  /// @throws IllegalArgumentException if it is too short, in one sentence
  public static Token of(String text) {
    if (text.length() < LENGTH_MIN) {
      throw new IllegalArgumentException(
          "the token has %d characters, expected %d or more; openssl rand -hex 16 makes one"
              .formatted(text.length(), LENGTH_MIN));
    }
    return new Token(hash(text));
  }

  /// Demands the token.
  ///
  /// @param token empty where the server was started without one
  /// @throws Refused where it is not shown
  public static void require(Optional<Token> token, Asked asked) {
    if (token.isEmpty()) {
      throw new Refused(
          403,
          "This server was started without a token, so nothing can be changed here;"
              + " start it with --token-file FILE, or with "
              + VARIABLE
              + " in its environment");
    }
    if (!token.get().isShownIn(asked.authorization())) {
      throw new Refused(
          401,
          "Expected the header 'Authorization: Bearer TOKEN' with this server's token, found "
              + (asked.authorization().isEmpty() ? "none" : "another"),
          Map.of("WWW-Authenticate", "Bearer realm=\"gretchen\""));
    }
  }

  private boolean isShownIn(String authorization) {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    return MessageDigest.isEqual(hash, hash(authorization.substring(SCHEME.length()).strip()));
  }

  private static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
