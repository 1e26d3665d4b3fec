// The request log, filtered, with calls coming in as they end.

import { get } from "./api.js";
import { openCall } from "./detail.js";
import { empty, field, h, select, show } from "./dom.js";
import { identity, latest, listen } from "./feed.js";
import { callRow, callTable } from "./table.js";

const PAGE = 50;
const MOST_ROWS = 1000;
const TYPING_MILLIS = 300;
const STATUSES = [["", "Any"], ["none", "Succeeded"], ["any", "Failed"], ["caller", "Failed: caller"],
  ["policy", "Failed: policy"], ["provider", "Failed: provider"], ["mehari", "Failed: gateway"]];
const SPANS = [["", "Any time"], ["15m", "Last 15 minutes"], ["1h", "Last hour"], ["24h", "Last 24 hours"], ["7d", "Last 7 days"]];
const NAMES = ["text", "error_type", "provider", "model", "key", "user", "session", "from"];

export function requests(view, parameters) {
  const filter = Object.fromEntries(NAMES.map((name) => [name, parameters.get(name) ?? ""]));
  let rows = [];
  let next = null;
  let paused = false;
  let held = [];
  let asked = 0;
  let typing = null;

  const provider = select([["", "Any"]], "", control("provider"));
  const bar = h("form", { class: "filters", role: "search", on: { submit: (event) => event.preventDefault() } },
    field("Search", h("input", { type: "search", placeholder: "Model, message or id", maxlength: 200, value: filter.text, ...control("text") })),
    field("Outcome", select(STATUSES, filter.error_type, control("error_type"))),
    field("Provider", provider),
    ["model", "key", "user", "session"].map((name) => extra(field(name[0].toUpperCase() + name.slice(1),
      h("input", { type: "search", placeholder: "Any", maxlength: 200, value: filter[name], ...control(name) })))),
    extra(field("Time", select(SPANS, filter.from, control("from")))),
    h("button", { class: "button quiet more-filters", type: "button", "aria-expanded": "false", on: { click: (event) => {
      const open = bar.classList.toggle("is-open");
      event.target.setAttribute("aria-expanded", open);
      event.target.textContent = open ? "Fewer filters" : "More filters";
    } } }, "More filters"));
  const pause = h("button", { class: "button", type: "button", "aria-pressed": "false", on: { click: togglePause } }, "Pause");
  const csv = h("a", { class: "button", download: "requests.csv" }, "CSV");
  const list = h("div", { class: "card flush" });
  const more = h("div", { class: "more" });
  const note = h("div", {});
  show(view,
    h("div", { class: "page-head" }, h("h1", {}, "Requests"), h("div", { class: "actions" }, pause, csv)),
    bar, note, list, more);

  /** Shown on a phone only when asked for. */
  function extra(label) {
    label.classList.add("extra");
    return label;
  }

  function control(name) {
    const changed = (event) => {
      filter[name] = event.target.value.trim();
      clearTimeout(typing);
      typing = setTimeout(load, event.type === "input" ? TYPING_MILLIS : 0);
    };
    return { name, on: { input: changed } };
  }

  const query = () => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== ""));

  async function load() {
    const mine = ++asked;
    const searched = new URLSearchParams(query());
    history.replaceState(null, "", searched.size === 0 ? "#/requests" : `#/requests?${searched}`);
    searched.set("format", "csv");
    csv.href = `/admin/requests?${searched}`;
    try {
      const [page, logged] = await Promise.all([get("/admin/requests", { ...query(), limit: PAGE }), isLogged()]);
      if (mine !== asked) {
        return;
      }
      // The log is written a moment after calls end; the feed has them already.
      const known = new Set(page.data.map(identity));
      const newest = page.data[0]?.ended_at ?? "";
      rows = [...latest().filter((call) => matches(call) && !known.has(identity(call)) && call.ended_at > newest), ...page.data];
      next = page.next;
      show(note, logged ? null : h("p", { class: "banner" }, "The request log is off: below are the latest calls of this"
        + " run. Set mehari.request-log.enabled to true to keep them."));
    } catch (failure) {
      if (mine !== asked) {
        return;
      }
      rows = latest().filter(matches);
      next = null;
      show(note, h("p", { class: "banner" }, `The request log cannot be read: ${failure.message} Below are the latest calls of this run.`));
    }
    draw();
  }

  async function isLogged() {
    return (await get("/stats")).request_log !== null;
  }

  async function older() {
    const mine = asked;
    const page = await get("/admin/requests", { ...query(), limit: PAGE, before: next });
    if (mine === asked) {
      rows.push(...page.data);
      next = page.next;
      draw();
    }
  }

  function draw() {
    show(list, rows.length > 0 ? callTable(rows, openCall) : Object.keys(query()).length > 0
      ? empty("No call matches", "Take a filter away, or ", h("button", { class: "link", type: "button", on: { click: clear } }, "clear all of them"), ".")
      : empty("No calls yet", "Send one from the ", h("a", { href: "#/playground" }, "playground"),
        ", or point a client at ", h("code", {}, `${location.origin}/v1`), "."));
    show(more, next === null ? null : h("button", { class: "button", type: "button", on: { click: older } }, "Load older"));
  }

  function clear() {
    NAMES.forEach((name) => { filter[name] = ""; });
    bar.querySelectorAll("input, select").forEach((input) => { input.value = ""; });
    load();
  }

  function togglePause() {
    paused = !paused;
    pause.setAttribute("aria-pressed", paused);
    if (!paused) {
      take(held);
      held = [];
    }
    tellPause();
  }

  function tellPause() {
    pause.textContent = paused ? (held.length > 0 ? `Resume (${held.length} new)` : "Resume") : "Pause";
  }

  function arrived(calls) {
    const wanted = calls.filter(matches);
    if (paused) {
      held = [...wanted, ...held].slice(0, MOST_ROWS);
      tellPause();
    } else {
      take(wanted);
    }
  }

  /** Puts new calls, newest first, above the others, without drawing those anew: someone may be reading. */
  function take(calls) {
    const known = new Set(rows.map(identity));
    const fresh = calls.filter((call) => !known.has(identity(call)));
    if (fresh.length === 0) {
      return;
    }
    const wereNone = rows.length === 0;
    rows = [...fresh, ...rows].slice(0, MOST_ROWS);
    const body = list.querySelector("tbody");
    if (wereNone || body === null) {
      draw();
      return;
    }
    body.prepend(...fresh.map((call) => callRow(call, openCall)));
    while (body.children.length > MOST_ROWS) {
      body.lastChild.remove();
    }
  }

  /** The same as the gateway's own filters. */
  function matches(call) {
    const equal = ["provider", "model", "key", "user", "session"]
      .every((name) => filter[name] === "" || call[name] === filter[name]);
    return equal && outcome(call) && text(call);
  }

  function outcome(call) {
    switch (filter.error_type) {
      case "": return true;
      case "none": return !call.error_type;
      case "any": return Boolean(call.error_type);
      default: return call.error_type?.startsWith(`${filter.error_type}_`) ?? false;
    }
  }

  function text(call) {
    const wanted = filter.text.toLowerCase();
    return wanted === "" || [call.model, call.upstream_model, call.answered_model, call.message, call.request_id,
      call.answer_id, call.provider_request_id, call.session, call.user]
      .some((value) => value?.toLowerCase().includes(wanted));
  }

  async function fillProviders() {
    const told = await get("/v1/providers").catch(() => ({ providers: [] }));
    const names = new Set(told.providers.map((one) => one.name));
    if (filter.provider !== "") {
      names.add(filter.provider);
    }
    show(provider, [["", "Any"], ...[...names].map((name) => [name, name])].map(([value, title]) =>
      h("option", { value, selected: value === filter.provider }, title)));
  }

  const unlisten = listen("calls", arrived);
  fillProviders();
  load();
  return () => {
    asked++;
    clearTimeout(typing);
    unlisten();
  };
}
