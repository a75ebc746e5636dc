package dev.gretchen.serve.internal.api;

import dev.gretchen.serve.internal.http.Answer;
import tools.jackson.databind.json.JsonMapper;

/// JSON as the API writes it: on one line, for programs.
final class Json {

  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  static Answer answer(Object value) {
    return answer(200, value);
  }

  static Answer answer(int status, Object value) {
    return Answer.json(status, text(value) + "\n");
  }
}
