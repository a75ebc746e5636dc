package dev.gretchen.verifier.report;

/// The style of the page. Colours of text keep a contrast of at least 4.5 to 1 in both schemes.
public final class Stylesheet {

  static final String CSS =
      """
      :root {
        color-scheme: light dark;
        --page: #fbfaf7; --paper: #ffffff; --ink: #1c1e22; --muted: #5a606a; --hair: #e2e0da;
        --void: #e6e3db; --grid: #e9e7e1; --guide: #8a8f98;
        --good: #0a6a49; --good-bg: #e3f3ea; --bad: #ad1f1a; --bad-bg: #fdeae7;
        --open: #7d5200; --open-bg: #fdf1d8; --void-ink: #62409f; --void-bg: #f0eafa;
        --broken: #99350c; --broken-bg: #fdebe0; --idle: #5a606a; --idle-bg: #eeece7;
        --input: #c9d3e2; --input-ink: #5c6c86; --output: #1d4f91; --lag: #d9b98a;
        --lag-ink: #86601f; --active: #f6d3cc; --fault: #9c2b1d;
        --phase-0: #9aa0a8; --phase-1: #46327e; --phase-2: #365c8d; --phase-3: #277f8e;
        --phase-4: #1fa187; --phase-5: #6ecb58; --phase-6: #d8c81f;
      }
      @media (prefers-color-scheme: dark) {
        :root {
          --page: #14161a; --paper: #1b1e24; --ink: #e9e8e3; --muted: #a3a9b4; --hair: #30343c;
          --void: #2a2e36; --grid: #272b32; --guide: #7b818c;
          --good: #6ed6a6; --good-bg: #15342a; --bad: #ff9a8f; --bad-bg: #401b1a;
          --open: #f1bf62; --open-bg: #3a2c10; --void-ink: #c3aef5; --void-bg: #2d2542;
          --broken: #ffab80; --broken-bg: #41230f; --idle: #a3a9b4; --idle-bg: #282c33;
          --input: #36445a; --input-ink: #a8b9d4; --output: #8fb8f2; --lag: #66502c;
          --lag-ink: #dcb878; --active: #54302b; --fault: #ff9a86;
          --phase-0: #9aa0a8; --phase-1: #9480e4; --phase-2: #5c95d8; --phase-3: #3aa5b6;
          --phase-4: #2fbf9f; --phase-5: #8bdc72; --phase-6: #ece05a;
        }
      }
      .good { --tone: var(--good); --tone-bg: var(--good-bg); }
      .bad { --tone: var(--bad); --tone-bg: var(--bad-bg); }
      .open { --tone: var(--open); --tone-bg: var(--open-bg); }
      .void { --tone: var(--void-ink); --tone-bg: var(--void-bg); }
      .broken { --tone: var(--broken); --tone-bg: var(--broken-bg); }
      .idle { --tone: var(--idle); --tone-bg: var(--idle-bg); }

      * { box-sizing: border-box; }
      html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
      body {
        margin: 0; background: var(--page); color: var(--ink);
        font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial,
          "Liberation Sans", sans-serif;
        font-variant-numeric: tabular-nums; overflow-wrap: break-word;
      }
      code, pre, .mono {
        font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace;
        font-size: 0.88em;
      }
      .inner, main, footer { max-width: 1120px; margin: 0 auto; padding: 0 24px; }
      h1 {
        margin: 10px 0 0; font-size: clamp(1.25rem, 0.95rem + 1.5vw, 1.85rem); line-height: 1.25;
        font-weight: 650; letter-spacing: -0.012em; text-wrap: balance; max-width: 46em;
      }
      h2 { margin: 0 0 6px; font-size: 1.12rem; letter-spacing: -0.005em; }
      h3 { margin: 18px 0 6px; font-size: 0.98rem; }
      p { margin: 0 0 10px; max-width: 72em; }
      ul { margin: 0; padding-left: 1.2em; }
      section { margin: 34px 0 0; }
      .lede, .aside, .nothing, .detail, .proof { color: var(--muted); }
      .lede { font-size: 0.9rem; }
      .aside { font-weight: 400; font-size: 0.86rem; }

      .masthead { background: var(--tone-bg); border-top: 6px solid var(--tone); padding: 20px 0; }
      .masthead h1 { color: var(--tone); }
      .kicker {
        display: flex; flex-wrap: wrap; align-items: center; gap: 4px 7px; margin: 0;
        font-size: 0.92rem; max-width: none;
      }
      .tally { color: var(--muted); margin-left: auto; font-size: 0.86rem; }
      .chip {
        display: inline-flex; align-items: center; gap: 4px; padding: 1px 9px 1px 6px;
        border-radius: 99px; background: var(--tone-bg); color: var(--tone);
        font-size: 0.75rem; font-weight: 700; letter-spacing: 0.04em; white-space: nowrap;
      }
      .masthead .chip {
        background: var(--tone); color: var(--page); font-size: 0.92rem; padding: 3px 13px 3px 9px;
        margin-right: 4px;
      }
      .icon { width: 1.05em; height: 1.05em; flex: none; }
      .icon path {
        fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linecap: round;
        stroke-linejoin: round;
      }

      .facts {
        display: grid; grid-template-columns: repeat(4, auto); gap: 10px 34px;
        justify-content: space-between; margin: 18px 0 0; padding: 0 0 16px;
        border-bottom: 1px solid var(--hair);
      }
      .facts dt { color: var(--muted); font-size: 0.76rem; }
      .facts dd { margin: 0; font-weight: 600; font-size: 0.92rem; }
      .facts + section { margin-top: 18px; }

      .callout {
        margin: 14px 0 0; padding: 14px 18px; background: var(--paper);
        border: 1px solid var(--hair); border-left: 4px solid var(--tone); border-radius: 4px;
      }
      section.callout { margin-top: 24px; }
      .callout h3 { margin: 0 0 4px; }
      .callout h3 code { margin-right: 10px; }
      .sentence { margin: 6px 0 10px; font-size: 1.02rem; }
      .kind { color: var(--bad); font-weight: 700; margin-right: 4px; }
      details { margin-top: 10px; }
      summary { cursor: pointer; color: var(--muted); }

      .scroll { overflow-x: auto; }
      table { border-collapse: collapse; width: 100%; font-size: 0.89rem; }
      th, td { padding: 6px 10px; text-align: left; vertical-align: top; }
      thead th {
        color: var(--muted); font-weight: 500; font-size: 0.78rem; vertical-align: bottom;
        border-bottom: 1px solid var(--hair); line-height: 1.25;
      }
      tbody td, tbody th { border-bottom: 1px solid var(--hair); }
      th:first-child, td:first-child { padding-left: 0; }
      th:last-child, td:last-child { padding-right: 0; }
      .num { text-align: right; white-space: nowrap; }
      .exhibits td { overflow-wrap: anywhere; }
      .exhibits td:first-child { min-width: 13em; max-width: 26em; }
      .exhibits tr:last-child td { border-bottom: 0; }
      .properties .section { padding-top: 18px; font-size: 0.98rem; }
      .properties { table-layout: fixed; }
      .properties td { overflow-wrap: anywhere; }
      .properties thead th:first-child { width: 104px; }
      .properties thead th:last-child { width: 124px; }
      .detail { font-size: 0.86rem; }
      .anomalies { color: var(--bad); font-weight: 600; white-space: normal; }
      .faults { min-width: 940px; }
      .faults .what { min-width: 250px; }
      .faults th.num:nth-child(n+4) { width: 70px; }
      .disc-number { color: var(--fault); font-weight: 700; }
      .proof { font-size: 0.8rem; line-height: 1.4; }
      .verdict-word {
        color: var(--tone); font-weight: 600; margin-right: 2px; white-space: nowrap;
      }
      .verdict-word .icon { vertical-align: -0.15em; margin-right: 1px; }
      .swatch { display: block; height: 4px; margin: 3px 0 0 auto; width: 100%; }
      td.bars, th.bars { width: 170px; min-width: 140px; }
      td.bars svg { display: block; width: 100%; margin-top: 4px; }
      .service table { min-width: 760px; margin-bottom: 8px; }
      .service th[scope="row"] { font-weight: 600; }
      .latency { min-width: 520px; }
      .latency th[scope="row"] { font-weight: 600; }
      .latency td.bars { width: 46%; }
      .latency th.num, .latency td.num { width: 11%; }
      .p99 { fill: var(--input); }
      .p50 { fill: var(--output); }
      .phase-0 { fill: var(--phase-0); background: var(--phase-0); }
      .phase-1 { fill: var(--phase-1); background: var(--phase-1); }
      .phase-2 { fill: var(--phase-2); background: var(--phase-2); }
      .phase-3 { fill: var(--phase-3); background: var(--phase-3); }
      .phase-4 { fill: var(--phase-4); background: var(--phase-4); }
      .phase-5 { fill: var(--phase-5); background: var(--phase-5); }
      .phase-6 { fill: var(--phase-6); background: var(--phase-6); }
      .skipped { color: var(--muted); font-size: 0.89rem; }

      .legend {
        display: flex; flex-wrap: wrap; gap: 2px 18px; list-style: none; padding: 0;
        margin: 0 0 8px; color: var(--muted); font-size: 0.82rem;
      }
      .legend li { display: inline-flex; align-items: center; gap: 6px; }
      .defs { position: absolute; }
      .timeline { margin: 0 0 4px; }
      .track { display: grid; grid-template-columns: 104px minmax(0, 1fr); }
      .track svg { display: block; width: 100%; }
      .plot { overflow: visible; }
      main { overflow-x: clip; }
      svg text { font-size: 11px; fill: var(--muted); }
      .gutter { overflow: visible; }
      .gutter text { text-anchor: end; }
      .gutter .topic { text-anchor: start; font-size: 12px; font-weight: 600; fill: var(--ink); }
      .gutter .name { font-size: 12px; font-weight: 600; fill: var(--ink); }
      .gutter .key-input { fill: var(--input-ink); }
      .gutter .key-output { fill: var(--output); }
      .gutter .key-lag { fill: var(--lag-ink); }
      .gutter .key-mark { fill: var(--bad); }
      .gutter .scale, .gutter .row { font-size: 10.5px; }
      .grid { stroke: var(--grid); }
      .guide { stroke: var(--guide); stroke-opacity: 0.38; stroke-dasharray: 2 3; }
      .flagged { stroke: var(--bad); stroke-opacity: 0.75; }
      .curve { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
      .curve.output { stroke: var(--output); stroke-width: 1.5; }
      .curve.input { fill: var(--input); }
      .curve.lag { fill: var(--lag); }
      .hover { fill: transparent; }
      .hover:hover { fill: var(--ink); fill-opacity: 0.07; }
      .unowned { fill: var(--void); }
      .paper { fill: var(--paper); }
      .dot { fill: #1c1e22; fill-opacity: 0.55; }
      svg .bar { font-size: 10px; font-weight: 600; pointer-events: none; }
      svg .on-deep { fill: #ffffff; }
      svg .on-bright { fill: #16181b; }
      .pin { overflow: visible; }
      .active { fill: var(--active); }
      .disc { fill: var(--fault); }
      .unproven .disc { fill: var(--page); stroke: var(--fault); stroke-dasharray: 2 1.5; }
      svg .number {
        fill: var(--page); font-size: 9.5px; font-weight: 700; text-anchor: middle;
        pointer-events: none;
      }
      .unproven .number { fill: var(--fault); }
      .healed { fill: var(--page); stroke: var(--fault); stroke-width: 1.4; }
      .fault .label { fill: var(--ink); }
      .stroke { fill: none; stroke: var(--fault); stroke-width: 1.5; }
      .mark .stroke { stroke: var(--bad); }
      .flag { fill: var(--bad); }
      .mark .label { fill: var(--bad); font-weight: 600; }

      pre {
        margin: 8px 0 10px; padding: 12px 14px; background: var(--paper);
        border: 1px solid var(--hair); border-radius: 4px; white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      footer { margin-top: 40px; padding-bottom: 40px; color: var(--muted); font-size: 0.8rem; }
      footer p { border-top: 1px solid var(--hair); padding-top: 14px; }
      :focus-visible { outline: 2px solid var(--output); outline-offset: 2px; }

      @media (max-width: 900px) { .plot .wide { display: none; } }
      @media (max-width: 600px) {
        .inner, main, footer { padding-left: 14px; padding-right: 14px; }
        .track { grid-template-columns: 80px minmax(0, 1fr); }
        .facts { grid-template-columns: 1fr 1fr; gap: 8px 16px; }
        .tally { margin-left: 0; width: 100%; }
        th, td { padding: 6px 7px; }
        .callout { padding: 12px 14px; }
        .properties thead th:first-child { width: 92px; }
        .properties thead th:last-child { width: 76px; }
        .exhibits thead { display: none; }
        .exhibits, .exhibits tbody, .exhibits tr, .exhibits td { display: block; }
        .exhibits td { border: 0; padding: 0 0 2px; min-width: 0; max-width: none; }
        .exhibits td:first-child { font-weight: 700; }
        .exhibits tr { border-bottom: 1px solid var(--hair); padding: 7px 0; }
        .exhibits tr:last-child { border-bottom: 0; }
      }
      @media print {
        body { font-size: 11px; }
        section, article, tr { break-inside: avoid; }
        .scroll { overflow: visible; }
        * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      }
      """;

  private Stylesheet() {}

  /// The style of a report, which other pages of ours begin with. Not a constant, which would be
  /// copied into whoever uses it.
  public static String css() {
    return CSS;
  }
}
