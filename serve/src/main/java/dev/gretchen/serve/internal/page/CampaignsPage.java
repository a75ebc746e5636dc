package dev.gretchen.serve.internal.page;

import dev.gretchen.serve.internal.campaign.CampaignState;
import dev.gretchen.serve.internal.campaign.CampaignState.Phase;
import dev.gretchen.verifier.report.Html;
import dev.gretchen.verifier.soak.Campaign;
import dev.gretchen.verifier.soak.SoakResult;
import dev.gretchen.verifier.soak.SoakStatus;
import java.util.List;

/// Campaigns: how they stand, and the buttons to start and stop them. Pure.
final class CampaignsPage {

  private CampaignsPage() {}

  /// @param canStart whether this server starts campaigns at all
  static String render(List<CampaignState> campaigns, boolean canStart) {
    return Page.of(
        "Campaigns",
        Page.Place.CAMPAIGNS,
        html -> {
          html.leaf("h1", "Campaigns");
          if (canStart) {
            start(html);
          } else {
            html.open("p", "class", "aside")
                .text("This server was started without a token, so campaigns are started with ")
                .leaf("code", "./gretchen soak")
                .text(" alone.")
                .close();
          }
          html.leaf("p", "", "id", "said", "role", "status", "class", "sentence");
          if (campaigns.isEmpty()) {
            html.leaf("p", "There is none yet.", "class", "nothing");
          } else {
            table(html, campaigns, canStart);
          }
        });
  }

  private static void start(Html html) {
    html.open(
        "form",
        "id",
        "start",
        "class",
        "filters",
        "aria-label",
        "Start a campaign",
        "action",
        "/api/campaigns",
        "method",
        "post");
    html.open("div", "class", "field").leaf("label", "Campaign", "for", "campaign");
    html.open("select", "id", "campaign", "name", "campaign");
    Campaign.SHIPPED.forEach(name -> html.leaf("option", name, "value", name));
    html.close().close();
    field(html, "for", "For", "as it says", "text");
    field(html, "seed", "Seed", "a new one", "text");
    field(html, "token", "Token", "of this server", "password");
    html.open("div", "class", "actions").leaf("button", "Start", "type", "submit").close();
    html.close();
  }

  private static void field(Html html, String name, String label, String hint, String type) {
    html.open("div", "class", "field").leaf("label", label, "for", name);
    html.empty(
        "input",
        "id",
        name,
        "name",
        name,
        "type",
        type,
        "placeholder",
        hint,
        "autocomplete",
        "off");
    html.close();
  }

  private static void table(Html html, List<CampaignState> campaigns, boolean canStart) {
    Parts.beginTable(
        html,
        "Campaigns, the latest first",
        List.of(
            "campaign",
            "began (UTC)",
            "state",
            "verdict so far",
            "#done",
            "#runs",
            "#failed",
            "#canaries caught",
            "#fail at most",
            ""));
    for (CampaignState state : campaigns) {
      SoakStatus soak = state.soak();
      SoakResult result = soak.result();
      html.open("tr")
          .open("th", "scope", "row")
          .text(soak.campaign() + " ")
          .leaf("code", soak.name())
          .close();
      html.leaf("td", Figures.moment(soak.begunAt()), "class", "moment");
      Parts.cell(html, words(state));
      html.open("td");
      Parts.verdict(html, result.runs().isEmpty() ? null : result.outcome());
      html.close();
      Parts.number(html, Figures.percent(soak.share()));
      Parts.number(html, Figures.number(result.runs().size()));
      Parts.number(html, Figures.number(result.failed().size()));
      Parts.number(html, result.caught() + " of " + result.canaries().size());
      Parts.number(html, result.rate().runs() == 0 ? "–" : Figures.percent(result.rate().bound()));
      html.open("td");
      if (canStart) {
        button(html, state);
      }
      html.close().close();
    }
    Parts.endTable(html);
  }

  private static String words(CampaignState state) {
    String over = state.soak().over();
    String underWay = state.soak().underWay();
    String more = over != null ? over : underWay != null ? underWay : "";
    return more.isEmpty() ? state.phase().word() : state.phase().word() + ": " + more;
  }

  private static void button(Html html, CampaignState state) {
    String verb =
        state.phase() == Phase.INTERRUPTED
            ? "resume"
            : state.phase() == Phase.RUNNING && state.startedHere() ? "stop" : "";
    if (!verb.isEmpty()) {
      String name = state.soak().name();
      html.leaf(
          "button",
          verb.equals("stop") ? "Stop" : "Resume",
          "type",
          "button",
          "data-post",
          "/api/campaigns/" + Urls.encode(name) + "/" + verb,
          "aria-label",
          verb + " " + name);
    }
  }
}
