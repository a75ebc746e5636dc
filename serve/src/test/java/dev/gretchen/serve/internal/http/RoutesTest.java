package dev.gretchen.serve.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RoutesTest {

  private static final Routes ROUTES =
      new Routes(
          List.of(
              Route.get("/", _ -> said("root")),
              Route.get("/runs/{id}", asked -> said("run " + asked.name("id"))),
              Route.get(
                  "/runs/{id}/files/{file...}",
                  asked -> said(asked.name("file") + " of " + asked.name("id"))),
              Route.get("/campaigns", _ -> said("campaigns")),
              Route.post("/campaigns", _ -> said("started"))));

  @Test
  void findsTheRouteAndWhatItsNamesStandFor() {
    assertThat(ask("GET", "/")).isEqualTo("root");
    assertThat(ask("HEAD", "/")).isEqualTo("root");
    assertThat(ask("GET", "/runs/a~b")).isEqualTo("run a~b");
    assertThat(ask("GET", "/runs/a~b/files/report.html")).isEqualTo("report.html of a~b");
    assertThat(ask("GET", "/runs/a~b/files/logs/w1.log")).isEqualTo("logs/w1.log of a~b");
    assertThat(ask("POST", "/campaigns")).isEqualTo("started");
  }

  @Test
  void saysThatThereIsNothing() {
    assertThat(refused("GET", "/runs").status()).isEqualTo(404);
    assertThat(refused("GET", "/runs/a/b").status()).isEqualTo(404);
    assertThat(refused("GET", "/runs/a/files").status()).isEqualTo(404);
    assertThat(refused("GET", "/nowhere").sentence()).isEqualTo("There is nothing at /nowhere");
  }

  @Test
  void saysHowElseItCanBeAsked() {
    Refused refused = refused("DELETE", "/campaigns");

    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.headers()).isEqualTo(Map.of("Allow", "GET, POST"));
    assertThat(refused.sentence()).contains("GET, POST", "DELETE");
  }

  @Property
  void answersOrRefusesWhateverIsAsked(@ForAll String path) {
    try {
      ask("GET", "/" + path);
    } catch (Refused refused) {
      assertThat(refused.status()).isEqualTo(404);
    }
  }

  private static Answer said(String text) {
    return Answer.whole(200, Answer.TEXT, text);
  }

  private static String ask(String method, String path) {
    Answer answer = ROUTES.answer(method, new Asked(path, Map.of(), Map.of(), "", ""));
    return answer instanceof Answer.Whole whole
        ? new String(whole.body(), StandardCharsets.UTF_8)
        : "";
  }

  private static Refused refused(String method, String path) {
    return catchThrowableOfType(Refused.class, () -> ask(method, path));
  }
}
