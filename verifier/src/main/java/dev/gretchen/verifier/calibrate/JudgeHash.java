package dev.gretchen.verifier.calibrate;

import dev.gretchen.verifier.judge.Judge;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// Names the judge that runs now by its code, so that a calibration holds for the judge that was on
/// trial and for no other.
///
/// It is a hash over the classes that have a say in a verdict, in the order of their names. How
/// they are packed does not matter; the compiler does.
public final class JudgeHash {

  /// What has a say, and what puts it on trial.
  private static final List<String> PACKAGES =
      List.of("calibrate", "check", "contract", "history", "judge", "load", "truth", "verdict");

  private static final String ROOT = "dev/gretchen/verifier";
  private static final int DIGITS = 16;

  private JudgeHash() {}

  /// The hash, sixteen digits.
  public static String ofThisJudge() {
    CodeSource source = Judge.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new IllegalStateException("the judge's classes come from nowhere");
    }
    try {
      Path place = Path.of(source.getLocation().toURI());
      if (Files.isDirectory(place)) {
        return of(place);
      }
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        return of(jar.getPath("/"));
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the judge's classes come from " + source.getLocation(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the judge's own classes", e);
    }
  }

  private static String of(Path root) throws IOException {
    MessageDigest digest = sha256();
    for (String name : PACKAGES) {
      try (Stream<Path> classes = Files.list(root.resolve(ROOT).resolve(name))) {
        for (Path file : classes.filter(JudgeHash::isCode).sorted().toList()) {
          digest.update(String.valueOf(file.getFileName()).getBytes(StandardCharsets.UTF_8));
          try (InputStream bytes = Files.newInputStream(file)) {
            digest.update(bytes.readAllBytes());
          }
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
  }

  private static boolean isCode(Path file) {
    return file.toString().endsWith(".class");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
