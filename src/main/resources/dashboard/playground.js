// A chat through the real door, as any client has it. The key stays in this page's memory.

import { get, reason } from "./api.js";
import { field, h, show } from "./dom.js";
import { count, DASH, millis, rate } from "./format.js";

/** Outlives a look at another page, and nothing else. */
const kept = { key: "", model: "", system: "", turns: [] };

export function playground(view) {
  let running = null;

  const models = h("datalist", { id: "models" });
  const model = h("input", { name: "model", list: "models", required: true, value: kept.model, placeholder: "demo", autocomplete: "off" });
  const key = h("input", { name: "key", type: "password", value: kept.key, placeholder: "Without one: anonymous", autocomplete: "off" });
  const system = h("textarea", { name: "system", rows: 3, placeholder: "None", value: kept.system });
  const talk = h("div", { class: "talk", "aria-live": "polite" });
  const text = h("textarea", { name: "text", rows: 2, required: true, placeholder: "Ask something", "aria-label": "Message" });
  const go = h("button", { class: "button primary", type: "submit" }, "Send");
  const stop = h("button", { class: "button", type: "button", hidden: true, on: { click: () => running?.abort() } }, "Stop");
  const clear = h("button", { class: "button quiet", type: "button", on: { click: () => {
    running?.abort();
    kept.turns = [];
    draw();
  } } }, "Clear");
  const form = h("form", { class: "say", on: { submit: (event) => {
    event.preventDefault();
    ask();
  } } }, text, h("div", { class: "say-actions" }, stop, go));
  show(view,
    h("div", { class: "page-head" }, h("h1", {}, "Playground"), h("div", { class: "actions" }, clear)),
    h("div", { class: "play" },
      h("section", { class: "card play-settings" },
        field("Model", model), models, field("Key", key, "One of the gateway's client keys. It is not stored."),
        field("System prompt", system)),
      h("section", { class: "card play-talk" }, talk, form)));

  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  model.addEventListener("input", () => { kept.model = model.value.trim(); });
  system.addEventListener("input", () => { kept.system = system.value; });
  key.addEventListener("input", () => { kept.key = key.value.trim(); });
  key.addEventListener("change", fillModels);

  function headers() {
    return kept.key === "" ? {} : { authorization: `Bearer ${kept.key}` };
  }

  async function fillModels() {
    const answer = await fetch("/v1/models", { headers: headers(), credentials: "omit" }).catch(() => null);
    const told = answer?.ok ? await answer.json() : { data: [] };
    show(models, told.data.map((one) => h("option", { value: one.id })));
    if (kept.model === "" && told.data.length > 0) {
      kept.model = told.data[0].id;
      model.value = kept.model;
    }
  }

  function draw() {
    show(talk, kept.turns.length === 0
      ? h("div", { class: "empty" }, h("p", { class: "empty-title" }, "Try a model"),
        h("p", {}, "Messages go through the same door as those of any client, and show up under Requests."))
      : kept.turns.map((turn) => turn.element));
    talk.scrollTop = talk.scrollHeight;
  }

  /** One thing that was said, and where the rest of it goes. */
  function turn(role, content) {
    const words = h("div", { class: "turn-text" }, content);
    const figures = h("div", { class: "turn-figures" });
    return { role, content, words, figures, element: h("article", { class: `turn ${role}` },
      h("div", { class: "turn-role" }, role === "user" ? "You" : kept.model), words, figures) };
  }

  async function ask() {
    const said = text.value.trim();
    if (running || said === "" || kept.model === "") {
      return;
    }
    const messages = [...(kept.system.trim() === "" ? [] : [{ role: "system", content: kept.system }]),
      ...kept.turns.filter((one) => !one.failed).map(({ role, content }) => ({ role, content })), { role: "user", content: said }];
    const answer = turn("assistant", "");
    kept.turns.push(turn("user", said), answer);
    text.value = "";
    draw();
    running = new AbortController();
    stop.hidden = false;
    go.disabled = true;
    try {
      await stream(messages, answer, running.signal);
    } catch (failure) {
      answer.failed = answer.content === "";
      answer.figures.append(h("p", { class: "problem", role: "alert" }, failure.name === "AbortError" ? "Stopped." : failure.message));
    } finally {
      running = null;
      stop.hidden = true;
      go.disabled = false;
      text.focus();
    }
  }

  async function stream(messages, answer, signal) {
    const begun = performance.now();
    let first = null;
    let usage = null;
    const response = await fetch("/v1/chat/completions", { method: "POST", signal, credentials: "omit",
      headers: { "content-type": "application/json", ...headers() },
      body: JSON.stringify({ model: kept.model, stream: true, stream_options: { include_usage: true }, messages }) });
    if (!response.ok) {
      throw new Error(await reason(response));
    }
    for await (const data of events(response.body)) {
      if (data === "[DONE]") {
        break;
      }
      const chunk = JSON.parse(data);
      if (chunk.error) {
        throw new Error(chunk.error.message);
      }
      usage = chunk.usage ?? usage;
      const delta = chunk.choices?.[0]?.delta?.content;
      if (delta) {
        first ??= performance.now();
        answer.content += delta;
        const below = talk.scrollHeight - talk.scrollTop - talk.clientHeight;
        answer.words.append(delta);
        if (below < 40) {
          talk.scrollTop = talk.scrollHeight;
        }
      }
    }
    const ended = performance.now();
    show(answer.figures, figure("First token", first === null ? DASH : millis(first - begun)), figure("Total", millis(ended - begun)),
      figure("Tokens", usage === null ? DASH : `${count(usage.prompt_tokens)} → ${count(usage.completion_tokens)}`),
      figure("Speed", usage?.completion_tokens > 1 && first !== null ? rate(((usage.completion_tokens - 1) * 1000) / (ended - first)) : DASH),
      figure("Served by", response.headers.get("x-mehari-provider") ?? DASH));
  }

  const figure = (name, value) => h("span", {}, `${name} `, h("strong", {}, value));

  fillModels();
  draw();
  return () => running?.abort();
}

/** The data of each server-sent event. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      return;
    }
    text += value;
    const whole = text.split(/\r?\n\r?\n/);
    text = whole.pop();
    for (const event of whole) {
      const lines = event.split(/\r?\n/).filter((line) => line.startsWith("data:"));
      if (lines.length > 0) {
        yield lines.map((line) => line.slice(5).replace(/^ /, "")).join("\n");
      }
    }
  }
}
