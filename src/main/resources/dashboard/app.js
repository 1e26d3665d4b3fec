// The frame around the pages: which one is shown, whether the gateway is heard, the theme.

import { get, send } from "./api.js";
import { h, icon, show } from "./dom.js";
import { connect, feedState, lastPulse, listen } from "./feed.js";
import { count } from "./format.js";
import { keys } from "./keys.js";
import { overview } from "./overview.js";
import { playground } from "./playground.js";
import { providers } from "./providers.js";
import { requests } from "./requests.js";

/** Each page draws itself into an element and returns what ends it. */
const PAGES = {
  overview: ["Overview", overview],
  requests: ["Requests", requests],
  providers: ["Providers", providers],
  keys: ["Keys", keys],
  playground: ["Playground", playground],
};

const HEALTH_MILLIS = 10_000;

const view = document.getElementById("view");
const nav = document.querySelector(".nav");
let leave = () => {};
let shown = null;

/** The page's name and its parameters: #/requests?status=5xx. */
function place() {
  const [name, query] = location.hash.replace(/^#\//, "").split("?");
  return [PAGES[name] ? name : "overview", new URLSearchParams(query ?? "")];
}

function open() {
  const [name, parameters] = place();
  leave();
  const [title, page] = PAGES[name];
  document.title = `${title} · Mehari`;
  for (const link of nav.children) {
    link.toggleAttribute("aria-current", link.dataset.page === name);
    if (link.dataset.page === name) {
      link.setAttribute("aria-current", "page");
    }
  }
  view.className = `page ${name}`;
  show(view);
  leave = page(view, parameters) ?? (() => {});
  if (shown !== null && shown !== name) {
    document.getElementById("main").focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
  shown = name;
}

show(nav, Object.entries(PAGES).map(([name, [title]]) =>
  h("a", { href: `#/${name}`, data: { page: name } }, icon(name), h("span", {}, title))));
window.addEventListener("hashchange", open);

const live = document.querySelector(".live");

function tellLive() {
  const state = feedState();
  const pulse = lastPulse();
  live.className = `live ${state}`;
  live.querySelector(".live-text").textContent =
    state === "connecting" ? "Connecting"
      : state === "lost" ? "Connection lost, trying again"
        : pulse === null ? "Live" : `Live · ${count(pulse.in_flight)} in flight`;
}

listen("state", tellLive);
listen("pulse", tellLive);

const theme = document.getElementById("theme");

function tellTheme() {
  theme.textContent = window.mehariTheme.isDark() ? "Light theme" : "Dark theme";
}

theme.addEventListener("click", () => window.mehariTheme.toggle());
window.addEventListener("themechange", tellTheme);

document.getElementById("logout").addEventListener("click", async () => {
  try {
    await send("DELETE", "/admin/session");
  } finally {
    location.replace("/dashboard/login");
  }
});

const banners = document.getElementById("banners");
let told = "";

/** What an operator must know wherever he is: calls are not written down, a store is away. */
async function checkHealth() {
  let problems;
  try {
    problems = problemsOf(await get("/stats"));
  } catch (failure) {
    problems = [failure.status === 0 ? "The gateway does not answer. What is shown may be old." : `The gateway's health cannot be read: ${failure.message}`];
  }
  const text = problems.join("\n");
  if (text !== told) {
    told = text;
    show(banners, problems.map((problem) => h("p", { class: "banner" }, problem)));
  }
}

function problemsOf(stats) {
  const problems = [];
  const log = stats.request_log;
  if (log && !log.up) {
    problems.push("The database does not take the request log. Calls go on, but those of now are missing in lists and charts.");
  }
  if (log && log.dropped > 0) {
    problems.push(`The request log has lost ${count(log.dropped)} calls since the start: there were more than the database could take.`);
  }
  if (stats.database && !stats.database.up && !(log && !log.up)) {
    problems.push("The database does not answer. Calls with known keys go on; keys cannot be changed, and responses are not stored.");
  }
  if (stats.redis && stats.redis.state === "away") {
    problems.push("Redis does not answer. Until it does each replica keeps its own limits, cooldowns and cache.");
  }
  if (stats.traces && stats.traces.state === "away") {
    problems.push("Traces do not reach their receiver. Calls go on; spans that find no room meanwhile are lost.");
  }
  return problems;
}

setInterval(() => document.hidden || checkHealth(), HEALTH_MILLIS);

tellTheme();
tellLive();
open();
connect();
checkHealth();
