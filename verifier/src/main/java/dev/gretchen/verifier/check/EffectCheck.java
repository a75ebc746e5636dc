package dev.gretchen.verifier.check;

import dev.gretchen.verifier.contract.Hex16;
import dev.gretchen.verifier.contract.ServiceJson;
import dev.gretchen.verifier.load.LoadPlan;
import dev.gretchen.verifier.load.OrderBook;
import dev.gretchen.verifier.truth.LogRecord;
import dev.gretchen.verifier.truth.Mail;
import dev.gretchen.verifier.truth.MergedLog;
import dev.gretchen.verifier.truth.PartitionedLog;
import dev.gretchen.verifier.verdict.Anomaly;
import dev.gretchen.verifier.verdict.Property;
import dev.gretchen.verifier.verdict.Section;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `effects`: what was done outside Kafka was done once. The mailer has sent one mail for each
/// enriched order, the one that its record names; at most one for an order that was put aside; and
/// none for anything else.
///
/// A mailer sends once for a key whatever its callers do, so what is judged here is whether a key
/// stays the same over retries and takeovers. Kinds: `doubled-effect`, `doubled-key`,
/// `missing-effect`, `stray-effect`, `wrong-effect`.
public final class EffectCheck {

  private EffectCheck() {}

  /// Judges what a mailer has sent.
  public static Property check(
      Witness witness, PartitionedLog stream, String service, Iterator<Mail> mails) {
    Findings findings = new Findings();
    LoadPlan plan = witness.plan();
    Map<Long, Mail> byOrder = new HashMap<>();
    Set<String> keys = new HashSet<>();
    while (mails.hasNext()) {
      Mail mail = mails.next();
      findings.compared();
      if (!keys.add(mail.key())) {
        add(findings, "doubled-key", "two mails were sent for the key " + mail.key());
      }
      long id = id(mail.order());
      if (plan.indexOf(id) < 0 || plan.orders().kind(id) != OrderBook.Kind.PRICED) {
        add(
            findings,
            "stray-effect",
            "mail " + mail.mail() + " is for " + witness.event(id) + ", which needs none");
      } else if (byOrder.putIfAbsent(id, mail) != null) {
        add(
            findings,
            "doubled-effect",
            witness.event(id)
                + " was confirmed twice, by mail "
                + byOrder.get(id)
                + " and "
                + mail);
      }
    }
    for (MergedLog records = new MergedLog(stream); records.hasNext(); ) {
      LogRecord record = records.next();
      byte[] value = record.value();
      if (!record.hasId() || plan.indexOf(record.id()) < 0 || value == null) {
        continue;
      }
      findings.compared();
      ServiceJson.Quality quality = ServiceJson.quality(value);
      Mail mail = byOrder.get(record.id());
      if (mail == null) {
        add(
            findings,
            "missing-effect",
            witness.event(record.id()) + " is enriched, and no mail confirms it");
      } else if (quality != null && quality.mail() != mail.mail()) {
        add(
            findings,
            "wrong-effect",
            witness.event(record.id())
                + " names mail "
                + quality.mail()
                + ", it was confirmed by "
                + mail.mail());
      }
    }
    return findings.property(
        "effects:" + service,
        Section.SAFETY,
        "Of " + keys.size() + " mails each was sent for a key and an order of its own.");
  }

  private static long id(String order) {
    try {
      return Hex16.parse(order);
    } catch (IllegalArgumentException _) {
      return 0;
    }
  }

  private static void add(Findings findings, String kind, String what) {
    findings.add(() -> new Anomaly(kind, what + ".", List.of()));
  }
}
