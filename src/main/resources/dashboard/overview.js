// How the gateway fares: figures and charts over a window, and the last calls.

import { get } from "./api.js";
import { chart } from "./charts.js";
import { openCall } from "./detail.js";
import { empty, h, select, show } from "./dom.js";
import { identity, latest, listen } from "./feed.js";
import { compact, dollars, millis, percent, rate } from "./format.js";
import { callTable } from "./table.js";

const WINDOWS = [["15m", "15 minutes"], ["1h", "1 hour"], ["6h", "6 hours"], ["24h", "24 hours"], ["7d", "7 days"], ["30d", "30 days"]];
const GROUPS = [["provider", "Provider"], ["model", "Model"], ["key", "Key"]];
const REFRESH_MILLIS = 10_000;
const RECENT = 8;
const COLOURS = ["--accent", "--series-4", "--series-5", "--series-2", "--series-3", "--series-6"];

/** What is told of a time without calls: nothing. */
const NOTHING = { requests: 0, errors: 0, cache_hits: 0, prompt_tokens: 0, completion_tokens: 0, cached_tokens: 0,
  cost_usd: 0, tokens_per_second: null, total_ms: null, first_token_ms: null };

export function overview(view, parameters) {
  let window_ = WINDOWS.some(([value]) => value === parameters.get("window")) ? parameters.get("window") : "1h";
  let group = "provider";
  let over = false;
  let logged = [];

  const windows = h("div", { class: "segments", role: "group", "aria-label": "Window" },
    WINDOWS.map(([value, text]) => h("button", { type: "button", class: "segment", "aria-label": text,
      "aria-pressed": String(value === window_), data: { window: value }, on: { click: () => choose(value) } }, value)));
  const tiles = h("div", { class: "tiles" });
  const charts = h("div", { class: "charts" });
  const recent = h("div", {});
  const note = h("div", {});
  show(view,
    h("div", { class: "page-head" }, h("h1", {}, "Overview"), windows),
    note, tiles, charts,
    h("section", { class: "card flush" },
      h("div", { class: "card-head" }, h("h2", {}, "Latest calls"), h("a", { href: "#/requests" }, "All requests")), recent));

  const traffic = panel("Requests", { type: "bar", stacked: true, format: compact });
  const latency = panel("Latency", { type: "line", format: millis });
  const first = panel("Time to first token", { type: "line", format: millis });
  const speed = panel("Output tokens per second", { type: "line", format: speedOf });
  const tokens = panel("Tokens", { type: "bar", stacked: true, format: compact });
  const groups = select(GROUPS, group, { "aria-label": "Cost by", on: { change: (event) => {
    group = event.target.value;
    refreshCost();
  } } });
  const cost = panel("Cost", { type: "bar", stacked: true, format: dollars }, groups);
  const panels = [traffic, latency, first, speed, tokens, cost];
  show(charts, panels.map((one) => one.element));

  function choose(value) {
    window_ = value;
    for (const button of windows.children) {
      button.setAttribute("aria-pressed", button.dataset.window === value);
    }
    refresh();
  }

  async function refresh() {
    const asked = window_;
    try {
      const [told, stats] = await Promise.all([get("/admin/metrics/series", { window: asked }), get("/stats")]);
      if (!over && asked === window_) {
        show(note, stats.request_log ? null : h("p", { class: "banner" }, "The request log is off, so there are no figures"
          + " over time. Set mehari.request-log.enabled to true to have them."));
        draw(told, stats);
      }
    } catch (failure) {
      if (!over) {
        show(note, h("p", { class: "banner" }, `The figures cannot be read: ${failure.message}`));
      }
    }
    await refreshCost();
  }

  function draw(told, stats) {
    const points = fillIn(told, told.series[0]?.points ?? []);
    const all = told.series[0]?.total ?? NOTHING;
    show(tiles,
      tile("Requests", compact(all.requests), `${rate(all.requests / seconds(told))} on average`),
      tile("Errors", percent(all.requests ? all.errors / all.requests : null), `${compact(all.errors)} failed`, all.errors > 0),
      tile("Latency", millis(all.total_ms?.p50), `p95 ${millis(all.total_ms?.p95)}`),
      tile("First token", millis(all.first_token_ms?.p50), `p95 ${millis(all.first_token_ms?.p95)}`),
      tile("Tokens", compact(all.prompt_tokens + all.completion_tokens), `${compact(all.completion_tokens)} out`),
      tile("Cost", dollars(all.cost_usd), costNote(all)),
      tile("Cache hits", percent(all.requests ? all.cache_hits / all.requests : null),
        stats.cache ? `${compact(stats.cache.entries)} answers kept` : "The cache is off"));
    const labels = points.map((point) => label(point.at, told));
    traffic.draw(labels, [
      { label: "Succeeded", colour: "--accent", data: points.map((point) => point.requests - point.errors) },
      { label: "Failed", colour: "--bad-mark", data: points.map((point) => point.errors) }], all.requests);
    latency.draw(labels, percentiles(points, "total_ms"), all.requests);
    first.draw(labels, percentiles(points, "first_token_ms"), points.some((point) => point.first_token_ms));
    speed.draw(labels, [{ label: "Tokens/s", colour: "--accent", data: points.map((point) => point.tokens_per_second) }],
      points.some((point) => point.tokens_per_second));
    tokens.draw(labels, [
      { label: "In", colour: "--series-2", data: points.map((point) => point.prompt_tokens) },
      { label: "Out", colour: "--accent", data: points.map((point) => point.completion_tokens) }],
    all.prompt_tokens + all.completion_tokens);
  }

  async function refreshCost() {
    const asked = [window_, group].join();
    let told;
    try {
      told = await get("/admin/metrics/series", { window: window_, by: group });
    } catch {
      return; // What is wrong is told above the figures.
    }
    if (over || asked !== [window_, group].join()) {
      return;
    }
    const ranked = told.series
      .map((one) => ({ name: nameOf(one.name), points: fillIn(told, one.points) }))
      .map((one) => ({ ...one, cost: one.points.reduce((sum, point) => sum + point.cost_usd, 0) }))
      .filter((one) => one.cost > 0)
      .sort((a, b) => b.cost - a.cost);
    const shown = ranked.slice(0, COLOURS.length - 1);
    const rest = ranked.slice(COLOURS.length - 1);
    const sets = shown.map((one, i) => ({ label: one.name, colour: COLOURS[i], data: one.points.map((point) => point.cost_usd) }));
    if (rest.length > 0) {
      sets.push({ label: "Others", colour: "--series-6", data: rest[0].points.map((_, at) =>
        rest.reduce((sum, one) => sum + one.points[at].cost_usd, 0)) });
    }
    const labels = fillIn(told, []).map((point) => label(point.at, told));
    cost.draw(labels, sets, sets.length > 0);
  }

  /** Those of the feed, and of the log what was before it: of an earlier run, or at another replica. */
  function drawRecent() {
    const known = new Set(latest().map(identity));
    const calls = [...latest(), ...logged.filter((call) => !known.has(identity(call)))]
      .sort((a, b) => Date.parse(b.ended_at) - Date.parse(a.ended_at)).slice(0, RECENT);
    show(recent, calls.length === 0
      ? empty("No calls yet", "Send one: open the ", h("a", { href: "#/playground" }, "playground"),
        ", or point a client at ", h("code", {}, `${location.origin}/v1`), ".")
      : callTable(calls, openCall));
  }

  async function readLogged() {
    const page = await get("/admin/requests", { limit: RECENT }).catch(() => null); // Told above the figures.
    if (page !== null && !over) {
      logged = page.data;
      drawRecent();
    }
  }

  const unlisten = listen("calls", drawRecent);
  drawRecent();
  readLogged();
  refresh();
  const timer = setInterval(() => document.hidden || refresh(), REFRESH_MILLIS);
  return () => {
    over = true;
    clearInterval(timer);
    unlisten();
    panels.forEach((one) => one.end());
  };
}

/** A card with a chart that says so when there is nothing to draw. */
function panel(title, settings, aside) {
  const canvas = h("canvas", { role: "img", "aria-label": title });
  const nothing = h("p", { class: "chart-empty" }, "Nothing in this window");
  const box = h("div", { class: "chart-box" }, canvas, nothing);
  const element = h("section", { class: "card" }, h("div", { class: "card-head" }, h("h2", {}, title), aside), box);
  let made = null;
  return {
    element,
    draw(labels, sets, any) {
      box.classList.toggle("is-empty", !any);
      made ??= chart(canvas, settings);
      made.update(labels, sets);
    },
    end: () => made?.end(),
  };
}

function tile(name, value, note, bad) {
  return h("div", { class: "tile" }, h("div", { class: "tile-name" }, name),
    h("div", { class: `tile-value ${bad ? "is-bad" : ""}` }, value), h("div", { class: "tile-note" }, note));
}

function costNote(all) {
  return all.cost_usd > 0 && all.requests > 0 ? `${dollars(all.cost_usd / all.requests)} a call` : "Of models with a known price";
}

const speedOf = (value) => rate(value).replace("/s", "");

const seconds = (told) => (Date.parse(told.to) - Date.parse(told.from)) / 1000;

/** One point for each step: those without calls are not told. */
function fillIn(told, points) {
  const at = new Map(points.map((point) => [Date.parse(point.at), point]));
  const filled = [];
  for (let time = Date.parse(told.from); time < Date.parse(told.to); time += told.step_seconds * 1000) {
    filled.push(at.get(time) ?? { ...NOTHING, at: new Date(time).toISOString() });
  }
  return filled;
}

function percentiles(points, times) {
  return [["p99", "--series-5"], ["p95", "--series-4"], ["p50", "--accent"]].map(([part, colour]) =>
    ({ label: part, colour, data: points.map((point) => point[times]?.[part] ?? null) })).reverse();
}

function label(iso, told) {
  const at = new Date(iso);
  return seconds(told) > 2 * 86_400
    ? at.toLocaleDateString("en-GB", { day: "numeric", month: "short" })
    : at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function nameOf(name) {
  const words = [name.provider, name.model, name.key, name.team].filter((word) => word);
  return words.length > 0 ? words.join(" / ") : "none";
}
