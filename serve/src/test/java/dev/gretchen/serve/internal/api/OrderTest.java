package dev.gretchen.serve.internal.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.gretchen.serve.internal.http.Refused;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderTest {

  @Test
  void takesWhatTheCampaignSaysWhereNothingIsSaid() {
    assertThat(Order.read("{\"campaign\": \"pr\"}"))
        .isEqualTo(new Order("pr", Duration.ZERO, Optional.empty()));
    assertThat(Order.read("{\"campaign\": \"catalogue\"}"))
        .isEqualTo(new Order("catalogue", Duration.ZERO, Optional.empty()));
    assertThat(Order.read("{\"campaign\": \"nightly\"}"))
        .isEqualTo(new Order("nightly", Duration.ofHours(8), Optional.empty()));
    assertThat(Order.read("{\"campaign\": \"pr\", \"for\": \"30m\", \"seed\": 7}"))
        .isEqualTo(new Order("pr", Duration.ofMinutes(30), Optional.of(7L)));
  }

  /// A browser's numbers are exact up to 2^53 alone.
  @Test
  void takesASeedAsTextToo() {
    assertThat(Order.read("{\"campaign\": \"pr\", \"seed\": \"-9007199254740993\"}").seed())
        .contains(-9_007_199_254_740_993L);
    assertThat(Order.read("{\"campaign\": \"pr\", \"seed\": 9007199254740993}").seed())
        .contains(9_007_199_254_740_993L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`no JSON`|The body cannot be read as JSON",
        "``|Expected an object",
        "`[]`|Expected an object",
        "`{}`|campaign: expected one of nightly, pr, catalogue, found none",
        "`{\"campaign\": \"weekly\"}`|campaign: expected one of nightly, pr, catalogue, found 'weekly'",
        "`{\"campaign\": 7}`|campaign: expected a text, found 7",
        "`{\"campaign\": \"../mine.yaml\"}`|campaign: expected one of nightly, pr, catalogue",
        "`{\"campaign\": \"pr\", \"for\": \"long\"}`|for: expected a time such as 90s, 5m or 8h",
        "`{\"campaign\": \"pr\", \"for\": \"999h\"}`|of 31 days at the most, found '999h'",
        "`{\"campaign\": \"pr\", \"seed\": \"x\"}`|seed: expected a whole number",
        "`{\"campaign\": \"pr\", \"command\": \"x\"}`|Unknown field 'command'; there are campaign, for, seed",
      })
  void saysWhatIsExpected(String body, String sentence) {
    Refused refused = catchThrowableOfType(Refused.class, () -> Order.read(body));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.sentence()).contains(sentence);
  }
}
