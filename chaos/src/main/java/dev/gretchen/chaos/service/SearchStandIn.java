package dev.gretchen.chaos.service;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Speaks as much of Elasticsearch as an app needs that asks for the top hit of a `match` query in
/// which all words must be found: `_cluster/health`, `_bulk`, `_search` with `size` 1 on one field,
/// answering as with `filter_path=hits.total.value,hits.hits._id,hits.hits._source`.
///
/// Hits are ranked by the length of the field, shortest first, and then by id: as a real engine
/// does among documents of which each holds the words once. Any thread.
final class SearchStandIn implements Backend {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

  private record Document(String id, JsonNode source) {}

  private final Map<String, Document> documents = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> idsByWord = new ConcurrentHashMap<>();

  @Override
  public Answer answer(Request request) {
    String id = request.headers().getOrDefault("x-opaque-id", "");
    String path = request.path();
    try {
      Answer answer =
          path.equals("/_cluster/health")
              ? Answer.json(200, "{\"status\":\"green\"}")
              : path.endsWith("/_bulk")
                  ? bulk(request)
                  : path.endsWith("/_search")
                      ? search(request)
                      : Answer.json(404, "{\"error\":\"this stand-in does not know the path\"}");
      return answer.with("x-elastic-product", "gretchen-stand-in").with("x-opaque-id", id);
    } catch (JacksonException e) {
      return Answer.json(400, "{\"error\":\"not JSON\"}");
    }
  }

  private Answer bulk(Request request) {
    List<String> lines = request.text().lines().toList();
    for (int i = 0; i + 1 < lines.size(); i += 2) {
      String id = JSON.readTree(lines.get(i)).path("index").path("_id").asString("");
      JsonNode source = JSON.readTree(lines.get(i + 1));
      documents.put(id, new Document(id, source));
      source
          .properties()
          .forEach(field ->
              words(field.getValue().asString(""))
                  .forEach(word ->
                      idsByWord
                          .computeIfAbsent(
                              field.getKey() + ":" + word, _ -> new ConcurrentSkipListSet<>())
                          .add(id)));
    }
    return Answer.json(200, "{\"errors\":false}");
  }

  private Answer search(Request request) {
    JsonNode match = JSON.readTree(request.body()).path("query").path("match");
    if (match.size() != 1) {
      return Answer.json(400, "{\"error\":\"this stand-in knows match queries on one field\"}");
    }
    var field = match.properties().iterator().next();
    Set<String> hits = null;
    for (String word : words(field.getValue().path("query").asString(""))) {
      Set<String> having = idsByWord.getOrDefault(field.getKey() + ":" + word, Set.of());
      if (hits == null) {
        hits = new LinkedHashSet<>(having);
      } else {
        hits.retainAll(having);
      }
    }
    List<Document> ranked =
        (hits == null ? Set.<String>of() : hits)
            .stream().map(documents::get).sorted((a, b) -> rank(a, b, field.getKey())).toList();
    ObjectNode root = JSON.createObjectNode();
    ObjectNode all = root.putObject("hits");
    all.putObject("total").put("value", ranked.size());
    if (!ranked.isEmpty()) {
      ObjectNode top = all.putArray("hits").addObject();
      top.put("_id", ranked.getFirst().id());
      top.set("_source", ranked.getFirst().source());
    }
    return Answer.json(200, JSON.writeValueAsString(root));
  }

  private static int rank(Document a, Document b, String field) {
    int byLength =
        Integer.compare(
            words(a.source().path(field).asString("")).size(),
            words(b.source().path(field).asString("")).size());
    return byLength != 0 ? byLength : a.id().compareTo(b.id());
  }

  private static List<String> words(String text) {
    return Arrays.stream(NO_WORD.split(text.toLowerCase(Locale.ROOT), -1))
        .filter(word -> !word.isEmpty())
        .toList();
  }
}
