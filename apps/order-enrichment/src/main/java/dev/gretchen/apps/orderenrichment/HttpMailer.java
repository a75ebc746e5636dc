package dev.gretchen.apps.orderenrichment;

import java.util.Map;

/// A mailer that takes an idempotency key.
final class HttpMailer implements Mailer {

  private final JsonService mailer;

  HttpMailer(JsonService mailer) {
    this.mailer = mailer;
  }

  @Override
  public long confirm(String orderId, String symbol, Order order, String idempotencyKey) {
    String body =
        JsonService.JSON.writeValueAsString(
            Map.of(
                "order",
                orderId,
                "text",
                order.side() + " " + order.quantity() + " " + symbol + " at " + order.price()));
    return mailer.post(
        "/mails",
        Map.of("Content-Type", "application/json", "Idempotency-Key", idempotencyKey),
        body,
        answer -> {
          if (!answer.json().path("key").asString("").equals(idempotencyKey)
              || !answer.json().path("mail").isIntegralNumber()) {
            throw new TryAgain("the answer is for another mail: " + answer.json());
          }
          return answer.json().path("mail").longValue();
        });
  }
}
