package dev.gretchen.verifier.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class EnrichmentDescriptorTest {

  private static final Path DESCRIPTOR = Path.of("../apps/order-enrichment/gretchen.yaml");

  @Test
  void readsWhatAnAppCallsAndIsOffered() {
    AppDescriptor app = AppDescriptor.read(DESCRIPTOR);

    assertThat(app.inputs()).containsExactly("orders", "search-queries");
    assertThat(app.offer().load()).isEqualTo(LoadKind.ORDERS);
    assertThat(app.outside().service("mailer").pause()).isEqualTo(Duration.ofMillis(30));
    assertThat(app.outside().memoryMib()).isPositive();
    assertThat(app.streams().getLast().confirmedBy()).isEqualTo("mailer");
    assertThat(app.topics()).contains("order-enrichment-dead-letters");
    assertThat(app.sources())
        .as("what the group consumes, which the streams of the same handler are not")
        .containsExactly("orders", "search-queries");
  }

  @Test
  void refusesAStreamFromAServiceThatIsNotNamed() throws IOException {
    refuses("    service: search", "    service: lookup", "one of the services");
  }

  @Test
  void refusesAnEnrichmentWithoutDeadLetters() throws IOException {
    refuses("dead-letters: order-enrichment-dead-letters", "", "dead-letters");
  }

  @Test
  void refusesANumberThatIsNone() throws IOException {
    refuses("in-flight: 64", "in-flight: many", "a number above zero");
  }

  private static void refuses(String right, String wrong, String why) throws IOException {
    String yaml = Files.readString(DESCRIPTOR);
    assertThat(yaml).contains(right);
    assertThatThrownBy(() -> AppDescriptor.parse("it", yaml.replace(right, wrong)))
        .isInstanceOf(DescriptorException.class)
        .hasMessageContaining(why);
  }
}
