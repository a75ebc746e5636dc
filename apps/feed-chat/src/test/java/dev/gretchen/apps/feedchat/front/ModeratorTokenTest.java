package dev.gretchen.apps.feedchat.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModeratorTokenTest {

  private static final String SECRET = "correct-horse-battery-staple";

  @TempDir Path directory;

  @Test
  void matchesItselfAlone() {
    ModeratorToken token = ModeratorToken.of(SECRET, "");

    assertThat(token.matches(SECRET)).isTrue();
    assertThat(token.matches(SECRET + " ")).isFalse();
    assertThat(token.matches(SECRET.substring(1))).isFalse();
    assertThat(token.matches("")).isFalse();
  }

  @Test
  void readsTheHeader() {
    ModeratorToken token = ModeratorToken.of(SECRET, "");

    assertThat(token.matchesHeader(Optional.of("Bearer " + SECRET))).isTrue();
    assertThat(token.matchesHeader(Optional.of("bearer " + SECRET))).isTrue();
    assertThat(token.matchesHeader(Optional.of(SECRET))).isFalse();
    assertThat(token.matchesHeader(Optional.of("Basic " + SECRET))).isFalse();
    assertThat(token.matchesHeader(Optional.empty())).isFalse();
  }

  @Test
  void makesNobodyAModeratorWhereThereIsNone() {
    ModeratorToken none = ModeratorToken.of(null, "");

    assertThat(none.matches("")).isFalse();
    assertThat(none.matches(SECRET)).isFalse();
    assertThat(ModeratorToken.of("", "").matches("")).isFalse();
  }

  @Test
  void takesTheFirstLineOfAFile() throws Exception {
    Path file = Files.writeString(directory.resolve("token"), SECRET + "\nand more\n");

    assertThat(ModeratorToken.of("of-the-environment-1", file.toString()).matches(SECRET)).isTrue();
  }

  @Test
  void saysWhatIsWrongAndNeverTheToken() {
    assertThatThrownBy(() -> ModeratorToken.of("too-short", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CHAT_MODERATOR_TOKEN")
        .hasMessageContaining("found 9 characters")
        .hasMessageNotContaining("too-short");
    assertThatThrownBy(() -> ModeratorToken.of(null, directory.resolve("nowhere").toString()))
        .hasMessageContaining("cannot be read");
    assertThat(ModeratorToken.of(SECRET, "").toString()).doesNotContain(SECRET);
    assertThat(new ClientFrame.Hello("ann", SECRET).toString()).doesNotContain(SECRET);
  }
}
