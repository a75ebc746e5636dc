package dev.gretchen.apps.orderenrichment;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Documents in Elasticsearch, or whatever speaks its `_search`.
final class ElasticDocuments implements Documents {

  private final JsonService search;
  private final String path;

  ElasticDocuments(JsonService search, String index) {
    this.search = search;
    this.path =
        "/" + index + "/_search?filter_path=hits.total.value,hits.hits._id,hits.hits._source";
  }

  @Override
  public TopHit search(String query, String call) {
    String body =
        JsonService.JSON.writeValueAsString(
            Map.of(
                "size",
                1,
                "query",
                Map.of("match", Map.of("title", Map.of("query", query, "operator", "and")))));
    return search.post(
        path,
        Map.of("Content-Type", "application/json", "X-Opaque-Id", call),
        body,
        answer -> {
          answer.mustEcho("X-Opaque-Id", call);
          return topHit(answer.json(), query);
        });
  }

  private static TopHit topHit(JsonNode json, String query) {
    JsonNode hits = json.path("hits");
    if (!hits.path("total").path("value").isIntegralNumber()) {
      throw new TryAgain("the answer does not say how many it found: " + json);
    }
    if (hits.path("total").path("value").intValue() == 0) {
      return new TopHit(query, null, null);
    }
    JsonNode top = hits.path("hits").path(0);
    if (!top.path("_id").isString()) {
      throw new TryAgain("the answer holds no hit: " + json);
    }
    return new TopHit(
        query, top.path("_id").stringValue(), top.path("_source").path("title").asString(""));
  }
}
