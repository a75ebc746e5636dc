package dev.gretchen.dashboards.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class DeedTest {

  @Test
  void eachButtonOfThePageIsADeed() {
    String page = LivePage.text("page.html") + LivePage.text("page.js");
    Map<String, String> any =
        Map.of("worker", "w1", "broker", "2", "per-second", "5", "on", "true", "word", "red");
    for (String name :
        new String[] {
          "kill",
          "pause",
          "resume",
          "stop",
          "start",
          "wipe",
          "add",
          "kill-broker",
          "start-broker",
          "storm",
          "rate",
          "slow",
          "type"
        }) {
      assertThat(page).as("the page has the button %s", name).contains(name);
      assertThat(Deed.parse(name, any::get)).isNotNull();
    }
  }

  @Test
  void readsItsParameters() {
    assertThat(Deed.parse("kill", Map.of("worker", "w3")::get)).isEqualTo(new Deed.Kill("w3"));
    assertThat(Deed.parse("rate", Map.of("per-second", "0.5")::get)).isEqualTo(new Deed.Turn(0.5));
    assertThat(Deed.parse("slow", Map.of("on", "false")::get)).isEqualTo(new Deed.Slow(false));
  }

  @Test
  void saysWhatIsWrong() {
    assertThatThrownBy(() -> Deed.parse("explode", Map.<String, String>of()::get))
        .hasMessageContaining("no button 'explode'");
    assertThatThrownBy(() -> Deed.parse("kill", Map.<String, String>of()::get))
        .hasMessageContaining("kill needs the parameter worker");
    assertThatThrownBy(() -> Deed.parse("kill-broker", Map.of("broker", "one")::get))
        .hasMessageContaining("found 'one'");
    assertThatThrownBy(() -> Deed.parse("type", Map.of("word", "a\u0007b")::get))
        .hasMessageContaining("printable");
  }
}
