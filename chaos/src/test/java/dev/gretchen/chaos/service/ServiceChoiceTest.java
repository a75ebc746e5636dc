package dev.gretchen.chaos.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceChoiceTest {

  @Test
  void readsTheAddressesOfAUsersOwnServices() {
    assertThat(ServiceChoice.At.parse("influxdb=http://db:8086,mailer=https://mail.example/"))
        .isEqualTo(
            new ServiceChoice.At(
                Map.of(
                    ServiceKind.INFLUXDB,
                    URI.create("http://db:8086"),
                    ServiceKind.MAILER,
                    URI.create("https://mail.example/"))));
  }

  @Test
  void saysWhatIsExpectedWhereItFindsSomethingElse() {
    for (String wrong :
        new String[] {"nonsense", "influxdb", "influxdb=db:8086", "redis=http://db:1", ""}) {
      assertThatThrownBy(() -> ServiceChoice.At.parse(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected real, scripted or influxdb=URL")
          .hasMessageContaining("found '" + wrong + "'");
    }
  }
}
