"use strict";

// Keys. Whoever types into a field means the field.
(() => {
  const runs = () => [...document.querySelectorAll("tr.run")];

  const isTyping = (target) =>
    target instanceof HTMLElement && target.matches("input:not([type=checkbox]), select, textarea");

  const step = (by) => {
    const rows = runs();
    const here = rows.findIndex((row) => row.contains(document.activeElement));
    const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by;
    rows[next]?.querySelector("a.open-run")?.focus();
  };

  const mark = () => {
    const row = runs().find((each) => each.contains(document.activeElement));
    const box = row?.querySelector("input[type=checkbox]");
    if (box) {
      box.checked = !box.checked;
    }
  };

  const keys = {
    "/": () => document.querySelector(".filters select, .filters input")?.focus(),
    j: () => step(1),
    k: () => step(-1),
    x: mark,
    c: () => document.getElementById("compare")?.requestSubmit(),
  };

  document.addEventListener("keydown", (event) => {
    const action = keys[event.key];
    if (action && !event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) {
      event.preventDefault();
      action();
    }
  });
})();

// What goes on: the server sends that part of the page anew when something has changed.
(() => {
  const live = document.getElementById("live");
  if (!live) {
    return;
  }
  const link = document.getElementById("link");
  const events = new EventSource(live.dataset.events);
  events.addEventListener("live", (event) => {
    const part = new DOMParser().parseFromString(event.data, "text/html").body.firstElementChild;
    const held = live.contains(document.activeElement) ? document.activeElement : null;
    live.replaceChildren(...(part ? part.childNodes : []));
    // whoever had come as far as a link by keyboard keeps it
    [...live.querySelectorAll("a")]
      .find((link) => held && link.getAttribute("href") === held.getAttribute("href"))
      ?.focus();
  });
  events.addEventListener("open", () => {
    link.textContent = "Follows as it goes.";
  });
  events.addEventListener("error", () => {
    link.textContent = "The server does not answer; what stands here is old.";
  });
  window.addEventListener("pagehide", () => events.close());
})();

// Campaigns: the token stays in its field and goes nowhere but into the request.
(() => {
  const form = document.getElementById("start");
  if (!form) {
    return;
  }
  const said = document.getElementById("said");

  const post = async (address, body) => {
    said.textContent = "Asked …";
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: {
          Authorization: "Bearer " + form.elements.namedItem("token").value,
          "Content-Type": "application/json",
        },
        body: JSON.stringify(body),
      });
      const told = await answer.json();
      said.textContent = answer.ok ? "Campaign " + told.name + " is " + told.state + "." : told.error;
    } catch (failure) {
      said.textContent = "The server does not answer: " + failure.message;
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const order = { campaign: form.elements.namedItem("campaign").value };
    const length = form.elements.namedItem("for").value.trim();
    const seed = form.elements.namedItem("seed").value.trim();
    if (length) {
      order.for = length;
    }
    if (seed) {
      if (!/^-?\d+$/.test(seed)) {
        said.textContent = "seed: expected a whole number, found '" + seed + "'.";
        return;
      }
      // as text: a number of JSON is exact up to 2^53 alone here, and another seed is another campaign
      order.seed = seed;
    }
    post("/api/campaigns", order);
  });

  document.querySelectorAll("button[data-post]").forEach((button) => {
    button.addEventListener("click", () => post(button.dataset.post, {}));
  });
})();
