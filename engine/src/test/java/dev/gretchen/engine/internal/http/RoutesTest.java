package dev.gretchen.engine.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gretchen.engine.View;
import dev.gretchen.engine.WebAnswer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutesTest {

  private static final View ONE = _ -> WebAnswer.text(200, "one");
  private static final View OTHER = _ -> WebAnswer.text(200, "other");

  private final Routes routes = new Routes();

  @Test
  void findsAViewAndWhatStandsInThePlaceOfItsNames() {
    routes.add("GET", "/rooms/{room}/recent", ONE);

    assertThat(routes.find("GET", List.of("rooms", "a/b", "recent")))
        .isEqualTo(new Routes.Found.AtView(ONE, Map.of("room", "a/b")));
    assertThat(routes.find("GET", List.of("rooms", "lobby"))).isEqualTo(new Routes.Found.Nothing());
    assertThat(routes.find("GET", List.of("rooms", "lobby", "recent", "")))
        .isEqualTo(new Routes.Found.Nothing());
  }

  @Test
  void tellsTheMethodsThatAPathHas() {
    routes.add("PUT", "/users/{user}/ban", ONE);
    routes.add("DELETE", "/users/{name}/ban", OTHER);

    assertThat(routes.find("DELETE", List.of("users", "ann", "ban")))
        .isEqualTo(new Routes.Found.AtView(OTHER, Map.of("name", "ann")));
    assertThat(routes.find("GET", List.of("users", "ann", "ban")))
        .isEqualTo(new Routes.Found.OtherMethods(Set.of("DELETE", "PUT")));
  }

  @Test
  void prefersTheRouteThatNamesMoreOfThePath() {
    routes.add("GET", "/{any}", ONE);
    routes.add("GET", "/chat.js", OTHER);

    assertThat(routes.find("GET", List.of("chat.js")))
        .isEqualTo(new Routes.Found.AtView(OTHER, Map.of()));
    assertThat(routes.find("GET", List.of("")))
        .isEqualTo(new Routes.Found.AtView(ONE, Map.of("any", "")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rooms",
        "/verify/{table}",
        "/readyz",
        "/rooms/{room}/x{y}",
        "/rooms/{a}/{a}",
        "/rooms/{}",
        "/taken/{other}"
      })
  void refusesPathsThatCannotBe(String path) {
    routes.add("GET", "/taken/{room}", ONE);

    assertThatThrownBy(() -> routes.add("GET", path, OTHER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("path");
  }

  @Test
  void refusesWhatIsNoMethod() {
    assertThatThrownBy(() -> routes.add("get", "/rooms", ONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a method such as GET");
  }
}
