// Calls as rows.

import { h, pill } from "./dom.js";
import { compact, DASH, dollars, millis, time, words } from "./format.js";

const COLUMNS = [
  ["Time", "time"], ["Model", "model"], ["Provider", "provider"], ["Status", "status"], ["Key", "key"],
  ["Tokens", "number tokens"], ["First token", "number first"], ["Total", "number total"], ["Cost", "number cost"],
];

/** A table of calls, newest first; `open` is given the one that was chosen. */
export function callTable(calls, open) {
  return h("div", { class: "table-box" },
    h("table", { class: "calls" },
      h("thead", {}, h("tr", {}, COLUMNS.map(([title, kind]) => h("th", { class: kind, scope: "col" }, title)))),
      h("tbody", {}, calls.map((call) => callRow(call, open)))));
}

export function callRow(call, open) {
  const usage = call.usage ?? {};
  return h("tr", { data: { id: call.request_id }, on: { click: () => open(call) } },
    h("td", { class: "time" },
      h("button", { type: "button", class: "row-open", on: { click: (event) => {
        event.stopPropagation();
        open(call);
      } } }, time(call.received_at))),
    h("td", { class: "model", title: call.model }, call.model ?? DASH),
    h("td", { class: "provider", title: call.upstream_model }, call.provider ?? DASH),
    h("td", { class: "status" }, status(call)),
    h("td", { class: "key", title: call.key }, call.key ?? DASH),
    h("td", { class: "number tokens" }, `${compact(usage.prompt_tokens)} → ${compact(usage.completion_tokens)}`),
    h("td", { class: "number first" }, millis(call.times_ms?.first_token)),
    h("td", { class: "number total" }, millis(call.times_ms?.total)),
    h("td", { class: "number cost" }, dollars(call.cost_usd)));
}

/** How a call went, in a word or two. */
export function status(call) {
  if (call.error_type) {
    return pill(`${call.status} ${words(call.error_type.replace(/^(caller|policy|provider|mehari)_/, ""))}`,
      call.status === 499 ? "warn" : "bad");
  }
  return pill(call.cache === "hit" ? `${call.status} cached` : call.status, "ok");
}
