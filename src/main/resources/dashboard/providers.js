// How each deployment and provider fares.

import { get } from "./api.js";
import { empty, h, pill, show } from "./dom.js";
import { listen } from "./feed.js";
import { compact, count, DASH, millis, percent, seconds, words } from "./format.js";

const REFRESH_MILLIS = 3000;
const STATES = {
  healthy: ["Healthy", "ok"], recovering: ["Recovering", "warn"], limited: ["Limited", "warn"],
  half_open: ["On trial", "warn"], cooling: ["Cooling down", "bad"], circuit_open: ["Circuit open", "bad"],
};

export function providers(view) {
  let over = false;
  const body = h("div", {});
  show(view, h("div", { class: "page-head" }, h("h1", {}, "Providers")), body);

  async function refresh() {
    try {
      const [stats, list] = await Promise.all([get("/stats"), get("/v1/providers")]);
      if (!over) {
        draw(stats, list);
      }
    } catch (failure) {
      if (!over) {
        show(body, h("p", { class: "banner" }, `The gateway's figures cannot be read: ${failure.message}`));
      }
    }
  }

  function draw(stats, list) {
    const asked = stats.models ?? [];
    show(body,
      stats.groups.map((group) => card(group.name,
        [words(group.strategy.toLowerCase()), group.aliases.length > 0 ? `also ${group.aliases.join(", ")}` : null].filter(Boolean).join(" · "),
        group.deployments)),
      asked.length > 0 ? card("Models asked for by name", "in no group", asked) : null,
      stats.groups.length + asked.length === 0
        ? h("section", { class: "card" }, empty("No model was asked for yet",
          "Deployments show up here with their first call. Send one from the ", h("a", { href: "#/playground" }, "playground"), "."))
        : null,
      h("section", { class: "card flush" },
        h("div", { class: "card-head" }, h("h2", {}, "Configured providers"),
          h("span", { class: "hint" }, list.default ? `${list.default} serves what no rule names` : "")),
        h("ul", { class: "provider-list" }, list.providers.map((one) => h("li", {},
          h("span", { class: "provider-name" }, one.name),
          one.protocol === one.name ? null : h("span", { class: "hint" }, one.protocol),
          one.available ? pill("Available", "ok") : pill("No key"))))));
  }

  const unlisten = listen("calls", refresh);
  const timer = setInterval(() => document.hidden || refresh(), REFRESH_MILLIS);
  refresh();
  return () => {
    over = true;
    clearInterval(timer);
    unlisten();
  };
}

const COLUMNS = [["Deployment", "model"], ["State", "status"], ["In flight", "number"], ["Attempts", "number"],
  ["Errors", "number"], ["Latency p50", "number"], ["Latency p95", "number"], ["First token p50", "number"],
  ["First token p95", "number"]];

function card(title, note, deployments) {
  return h("section", { class: "card flush" },
    h("div", { class: "card-head" }, h("h2", { class: "long" }, title), h("span", { class: "hint" }, note)),
    h("div", { class: "table-box" }, h("table", { class: "deployments" },
      h("thead", {}, h("tr", {}, COLUMNS.map(([name, kind]) => h("th", { class: kind, scope: "col" }, name)))),
      h("tbody", {}, deployments.map(row)))));
}

function row(one) {
  const failures = Object.entries(one.failures).map(([kind, times]) => `${words(kind)}: ${times}`).join("\n");
  return h("tr", {},
    h("td", { class: "model" }, h("div", { class: "deployment-name long" }, one.name), h("div", { class: "hint long" }, role(one))),
    cell(1, state(one)),
    cell(2, count(one.in_flight)),
    cell(3, compact(one.attempts)),
    cell(4, one.attempts > 0 ? percent((one.attempts - one.successes) / one.attempts) : DASH, failures),
    cell(5, millis(one.latency_ms?.p50)), cell(6, millis(one.latency_ms?.p95)),
    cell(7, millis(one.first_token_ms?.p50)), cell(8, millis(one.first_token_ms?.p95)));
}

/** On a phone, where there are no columns, each has its name beside it. */
function cell(column, content, title) {
  const [name, kind] = COLUMNS[column];
  return h("td", { class: kind, data: { label: name }, title }, content);
}

function role(one) {
  const parts = [one.provider];
  if (one.model !== one.name) {
    parts.push(one.model);
  }
  if (one.priority !== undefined) {
    parts.push(`priority ${one.priority}`, `weight ${one.weight}`);
  }
  return parts.join(" · ");
}

function state(one) {
  const [text, kind] = STATES[one.state] ?? [words(one.state), "warn"];
  const left = one.cooldown_until ? (Date.parse(one.cooldown_until) - Date.now()) / 1000 : 0;
  return [pill(left > 0 ? `${text}, ${seconds(left)}` : text, kind),
    one.circuit_breaker === "half_open" ? pill("circuit half open", "warn") : null];
}
