// The whole story of one call, beside the page.

import { get } from "./api.js";
import { h, pill, show } from "./dom.js";
import { identity } from "./feed.js";
import { count, DASH, dollars, millis, moment, rate, words } from "./format.js";
import { status } from "./table.js";

const drawer = document.getElementById("detail");
let shown = null;

/** Opens a call. What the list has of it is drawn at once, the rest when it is there. */
export async function openCall(call) {
  shown = call.request_id;
  draw(call);
  if (!drawer.open) {
    drawer.showModal();
  }
  drawer.scrollTop = 0;
  try {
    const whole = call.timeline && !call.id ? await said(call) : await story(call.id);
    if (whole !== null && shown === call.request_id) {
      draw(whole);
      drawer.querySelector("button").focus();
    }
  } catch (failure) {
    drawer.append(h("p", { class: "banner" }, `The rest of this call cannot be read: ${failure.message}`));
  }
}

const story = (id) => get(`/admin/requests/${encodeURIComponent(id)}`);

/** The feed tells everything but what was said; null: nothing of that was kept, not yet, or the log is away. */
async function said(call) {
  const page = await get("/admin/requests", { request_id: call.request_id, limit: 20 }).catch(() => null);
  const logged = page?.data.find((one) => identity(one) === identity(call));
  const whole = logged === undefined ? null : await story(logged.id);
  return whole?.request_body || whole?.response_body ? whole : null;
}

drawer.addEventListener("click", (event) => {
  if (event.target === drawer) {
    drawer.close(); // Beside it.
  }
});

function draw(call) {
  show(drawer,
    h("div", { class: "drawer-head" },
      h("div", {},
        h("h2", { class: "long" }, call.model ?? "No model"),
        h("p", { class: "hint" }, moment(call.received_at))),
      h("button", { class: "button quiet", type: "button", autofocus: true, on: { click: () => drawer.close() } }, "Close")),
    h("p", { class: "drawer-status" }, status(call), call.stream ? pill("stream") : null, pill(words(call.operation)),
      call.client_gone ? pill("client left", "warn") : null),
    call.message ? h("p", { class: "message long" }, call.message) : null,
    section("Timeline", call.timeline ? timeline(call) : h("p", { class: "hint" }, "Loading")),
    section("Figures", facts([
      ["Total", millis(call.times_ms?.total)],
      ["Time to first token", millis(call.times_ms?.first_token)],
      ["Gateway overhead", millis(call.times_ms?.overhead)],
      ["Waited for providers", millis(call.times_ms?.upstream)],
      ["Output speed", call.tokens_per_second ? `${rate(call.tokens_per_second).replace("/s", "")} tokens/s` : DASH],
      ["Cost", dollars(call.cost_usd)],
      ["Tokens in", tokens(call.usage, "prompt_tokens", PARTS_IN)],
      ["Tokens out", tokens(call.usage, "completion_tokens", PARTS_OUT)],
      ["Searches", call.usage?.web_searches > 0 ? count(call.usage.web_searches) : null],
      ["Pages fetched", call.usage?.web_fetches > 0 ? count(call.usage.web_fetches) : null],
      ["Finished by", call.finish_reason ? words(call.finish_reason) : DASH],
      ["Cache", call.cache ?? DASH]])),
    call.attempt_list ? section(call.attempt_list.length === 1 ? "Attempt" : `Attempts (${call.attempt_list.length})`, attempts(call.attempt_list)) : null,
    section("Who and where", facts([
      ["Request id", call.request_id], ["Provider", call.provider], ["Upstream model", call.upstream_model],
      ["Answered by", call.answered_model === call.upstream_model ? null : call.answered_model],
      ["Provider's answer id", call.answer_id],
      ["Provider's request id", call.provider_request_id === call.answer_id ? null : call.provider_request_id],
      ["Deployment", call.deployment], ["API", call.dialect], ["Key", call.key], ["Team", call.team], ["User", call.user],
      ["Session", call.session], ["Environment", call.environment]], "names")),
    call.dropped_params?.length > 0
      ? section("Left out for the provider", h("p", { class: "long" }, call.dropped_params.join(", "))) : null,
    call.request_body ? section("Request", h("pre", { tabindex: 0 }, readable(call.request_body))) : null,
    call.response_body ? section("Answer", answer(call.response_body)) : null);
}

/** What a stream says is read better than its events are. */
function answer(body) {
  const text = spoken(body);
  const sent = h("pre", { tabindex: 0 }, readable(body));
  return text === "" ? sent : [h("pre", { class: "said", tabindex: 0 }, text), h("details", {}, h("summary", {}, "As it was sent"), sent)];
}

/** The text in the events of any of the APIs. */
function spoken(body) {
  let text = "";
  for (const line of body.split("\n").filter((one) => one.startsWith("data:"))) {
    try {
      const event = JSON.parse(line.slice(5));
      const delta = event.choices?.[0]?.delta ?? event.delta;
      text += event.type === "response.output_text.delta" ? delta : delta?.content ?? delta?.text ?? "";
    } catch {
      // [DONE], or where the copy ends.
    }
  }
  return text;
}

/** JSON with line breaks; what this page could not write again to the digit stays as it is. */
function readable(body) {
  try {
    return /\d{16}/.test(body) ? body : JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body; // Events, or cut.
  }
}

const section = (title, ...content) => h("section", { class: "part" }, h("h3", {}, title), content);

/** Names and values; `kind` is figures, beside each other, or names, which may be long. */
function facts(list, kind = "figures") {
  return h("dl", { class: `facts ${kind}` }, list.filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => h("div", { class: "fact" }, h("dt", {}, name), h("dd", { class: "long" }, value))));
}

const PARTS_IN = [["cached_tokens", "cached"], ["cache_write_tokens", "written to the cache"],
  ["long_cache_write_tokens", "for an hour"], ["prompt_audio_tokens", "sound"], ["prompt_image_tokens", "pictures"],
  ["prompt_video_tokens", "films"], ["prompt_document_tokens", "documents"], ["prompt_tool_use_tokens", "from its tools"]];
const PARTS_OUT = [["reasoning_tokens", "reasoning"], ["completion_audio_tokens", "sound"],
  ["completion_image_tokens", "pictures"], ["completion_video_tokens", "films"],
  ["accepted_prediction_tokens", "as predicted"], ["rejected_prediction_tokens", "predicted in vain"]];

/** A sum, and behind it what of it is of which kind. */
function tokens(usage, sum, parts) {
  const told = parts.filter(([name]) => usage?.[name] > 0).map(([name, what]) => `${count(usage[name])} ${what}`);
  return count(usage?.[sum]) + (told.length === 0 ? "" : ` (${told.join(", ")})`);
}

function attempts(list) {
  if (list.length === 0) {
    return h("p", { class: "hint" }, "No provider was asked.");
  }
  return h("ol", { class: "attempts" }, list.map((attempt) =>
    h("li", {},
      h("div", { class: "attempt-head" },
        h("span", { class: "long" }, h("strong", {}, attempt.provider), " ", attempt.model),
        attempt.error_type ? pill(words(attempt.error_type), "bad") : attempt.overtaken ? pill("another was faster") : pill("answered", "ok")),
      attempt.message ? h("p", { class: "hint long" }, attempt.message) : null,
      attempt.error_type && attempt.provider_request_id
        ? h("p", { class: "hint long" }, "For its support: ", h("code", {}, attempt.provider_request_id)) : null)));
}

/** What went on from when to when, as bars over the time of the whole call. */
function timeline(call) {
  const total = Math.max(call.times_ms?.total ?? 0, 0.001);
  const at = Object.fromEntries(call.timeline.map((reached) => [reached.name, reached.at_ms]));
  const bars = [
    ["Request read", 0, at.read, "ours"],
    ["Let in", at.read, at.admitted, "ours"],
    ...call.attempt_list.flatMap((attempt, i) => phases(attempt, call.attempt_list.length > 1 ? `${i + 1}. ` : "")),
    ["To the client", at.first_byte, at.done, "client"],
  ].filter(([, from, to]) => from !== undefined && to !== undefined && to >= from);
  return h("div", { class: "timeline" },
    bars.map(([name, from, to, kind]) => {
      const bar = h("span", { class: `bar ${kind}` });
      bar.style.left = `${(100 * from) / total}%`;
      bar.style.width = `${(100 * (to - from)) / total}%`;
      return h("div", { class: "timeline-row" },
        h("span", { class: "timeline-name" }, name), h("span", { class: "timeline-track" }, bar),
        h("span", { class: "timeline-time" }, millis(to - from)));
    }),
    h("div", { class: "timeline-row axis", "aria-hidden": "true" },
      h("span", {}), h("span", { class: "timeline-scale" }, h("span", {}, "0"), h("span", {}, millis(total))), h("span", {})));
}

function phases(attempt, prefix) {
  const over = attempt.ended_ms ?? attempt.last_token_ms;
  const failed = attempt.error_type ? "failed" : "waiting";
  const answered = attempt.first_token_ms;
  return [
    [`${prefix}${attempt.new_connection === false ? "Kept connection" : "Connect"}`, attempt.connecting_ms, attempt.connected_ms, "connect"],
    [`${prefix}${answered === undefined ? "Waiting in vain" : "Until first token"}`, attempt.sent_ms ?? attempt.connecting_ms, answered ?? over, answered === undefined ? failed : "waiting"],
    [`${prefix}Streaming`, answered, attempt.last_token_ms ?? over, "streaming"],
  ];
}
