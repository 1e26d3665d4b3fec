// The keys that clients call with: what they may do and have spent; new ones, and those taken back.

import { get, send } from "./api.js";
import { empty, field, h, pill, select, show } from "./dom.js";
import { compact, date, DASH, dollars, percent } from "./format.js";

const dialog = document.getElementById("ask");
const PERIODS = [["day", "a day"], ["week", "a week"], ["month", "a month"], ["total", "in total"]];

const COLUMNS = [["Key", "model"], ["State", "status"], ["Team", "team long"], ["May use", "may long"], ["Limits", "limits"],
  ["Requests", "number"], ["Spent, 30 days", "number"], ["Budget", "number"], ["", "act"]];

export function keys(view) {
  let over = false;
  const list = h("section", { class: "card flush" });
  const create = h("button", { class: "button primary", type: "button", on: { click: () => askForNew(refresh) } }, "Create key");
  show(view, h("div", { class: "page-head" }, h("h1", {}, "Keys"), h("div", { class: "actions" }, create)), list);

  async function refresh() {
    try {
      const [told, used] = await Promise.all([get("/admin/keys"), get("/admin/usage", { by: "key" }).catch(() => ({ data: [] }))]);
      const all = await Promise.all(told.data.map(withSpending));
      if (!over) {
        draw(all, new Map(used.data.map((one) => [one.key, one])));
      }
    } catch (failure) {
      if (!over) {
        create.hidden = failure.status === 404;
        show(list, failure.status === 404
          ? empty("Keys come from the environment", "Clients use those of ", h("code", {}, "MEHARI_API_KEYS"), ". This gateway manages no others.")
          : h("p", { class: "banner" }, `The keys cannot be read: ${failure.message}`));
      }
    }
  }

  function draw(all, used) {
    const sorted = [...all].sort((a, b) => Number(b.active) - Number(a.active) || b.created_at.localeCompare(a.created_at));
    show(list, sorted.length === 0
      ? empty("No keys yet", "Create one for each team or client, with the models it may use and what it may spend.")
      : h("div", { class: "table-box" }, h("table", { class: "keys-table" },
        h("thead", {}, h("tr", {}, COLUMNS.map(([name, kind]) => h("th", { class: kind, scope: "col" }, name)))),
        h("tbody", {}, sorted.map((key) => row(key, used.get(key.id)))))));
  }

  function row(key, usage) {
    return h("tr", { data: { key: key.id } },
      h("td", { class: "model" }, h("div", { class: "deployment-name long" }, key.name ?? key.id),
        h("div", { class: "hint once" }, `mh-${key.id}-… · ${date(key.created_at)}`)),
      cell(1, state(key)),
      cell(2, key.team ?? DASH),
      cell(3, [...key.models, ...key.providers].join(", ") || "Everything"),
      cell(4, limits(key)),
      cell(5, compact(usage?.requests ?? 0)),
      cell(6, usage ? dollars(usage.cost_usd) : dollars(0)),
      cell(7, budget(key)),
      h("td", { class: "act" }, key.revoked_at ? null
        : h("button", { class: "button small", type: "button", "aria-label": `Revoke ${key.name ?? key.id}`, on: { click: () => askToRevoke(key, refresh) } }, "Revoke")));
  }

  refresh();
  return () => {
    over = true;
  };
}

/** On a phone, where there are no columns, each has its name beside it. */
function cell(column, content) {
  const [name, kind] = COLUMNS[column];
  return h("td", { class: kind, data: { label: name } }, content);
}

/** What was spent from a budget is told of each key alone. */
async function withSpending(key) {
  return key.active && key.budget !== null
    ? get(`/admin/keys/${encodeURIComponent(key.id)}`).catch(() => key)
    : key;
}

function state(key) {
  if (key.revoked_at) {
    return pill("Revoked");
  }
  if (key.active) {
    return pill("Active", "ok");
  }
  return key.disabled ? pill("Disabled", "warn") : pill("Expired", "warn");
}

function limits(key) {
  const all = [[key.rpm, "requests/min"], [key.tpm, "tokens/min"], [key.concurrency, "at once"]]
    .filter(([value]) => value !== null && value !== undefined).map(([value, what]) => `${compact(value)} ${what}`);
  return all.length > 0 ? all.join(", ") : "None";
}

function budget(key) {
  if (key.budget === null || key.budget === undefined) {
    return DASH;
  }
  const period = PERIODS.find(([value]) => value === key.budget_period)?.[1] ?? key.budget_period;
  const whole = `${dollars(key.budget)} ${period}`;
  if (key.spent === null || key.spent === undefined) {
    return whole;
  }
  const part = key.budget > 0 ? key.spent / key.budget : 1;
  const bar = h("span", { class: `meter-fill ${part >= 0.8 ? "is-high" : ""}` });
  bar.style.width = `${Math.min(100, part * 100)}%`;
  return [whole, h("span", { class: "meter", role: "img", "aria-label": `${percent(part)} spent` }, bar), h("span", { class: "hint" }, `${dollars(key.spent)} spent`)];
}

/** A dialog with a form; `act` does what it is for and gives what to show then, or throws. */
function ask(title, content, label, act, kind = "primary") {
  const problem = h("p", { class: "problem", role: "alert" });
  const go = h("button", { class: `button ${kind}`, type: "submit" }, label);
  const form = h("form", { on: { submit: async (event) => {
    event.preventDefault();
    go.disabled = true;
    problem.textContent = "";
    try {
      await act(new FormData(form));
    } catch (failure) {
      problem.textContent = failure.message;
      go.disabled = false;
    }
  } } }, h("h2", {}, title), content, problem,
  h("div", { class: "modal-actions" }, h("button", { class: "button quiet", type: "button", on: { click: () => dialog.close() } }, "Cancel"), go));
  show(dialog, form);
  if (!dialog.open) {
    dialog.showModal();
  }
}

function askForNew(done) {
  const text = (name, hint, properties) => h("input", { name, autocomplete: "off", placeholder: hint, ...properties });
  const number = (name, hint) => text(name, hint, { type: "number", min: 1, step: 1, inputmode: "numeric" });
  ask("Create key", [
    h("div", { class: "form-grid" },
      field("Name", text("name", "voice-agent", { maxlength: 200, required: true, autofocus: true })),
      field("Team", text("team", "None", { maxlength: 200 })),
      field("Models", text("models", "All"), "Names or patterns, with commas: gpt-4o*, claude-*"),
      field("Expires", text("expires", "", { type: "date" })),
      field("Requests a minute", number("rpm", "No limit")), field("Tokens a minute", number("tpm", "No limit")),
      field("Calls at once", number("concurrency", "No limit")),
      field("Budget in US dollars", h("span", { class: "joined" }, text("budget", "No limit", { type: "number", min: 0, step: "any", inputmode: "decimal" }),
        select(PERIODS, "month", { name: "budget_period", "aria-label": "Budget period" })))),
  ], "Create", async (form) => {
    const made = await send("POST", "/admin/keys", rules(form));
    done();
    showNew(made);
  });
}

function rules(form) {
  const said = (name) => String(form.get(name) ?? "").trim();
  const fields = { name: said("name"), models: said("models").split(",").map((one) => one.trim()).filter(Boolean) };
  if (said("team")) {
    fields.team = said("team");
  }
  if (said("expires")) {
    fields.expires_at = `${said("expires")}T23:59:59Z`;
  }
  for (const name of ["rpm", "tpm", "concurrency", "budget"]) {
    if (said(name)) {
      fields[name] = Number(said(name));
    }
  }
  if (said("budget")) {
    fields.budget_period = said("budget_period");
  }
  return fields;
}

function showNew(made) {
  const text = h("input", { class: "secret", readonly: true, value: made.key, "aria-label": "The new key" });
  const copy = h("button", { class: "button", type: "button", on: { click: async () => {
    text.select();
    try {
      await navigator.clipboard.writeText(made.key);
      copy.textContent = "Copied";
    } catch {
      copy.textContent = "Press Ctrl+C"; // Browsers give the clipboard to https and localhost only.
    }
  } } }, "Copy");
  show(dialog, h("h2", {}, "Key created"),
    h("p", {}, "Copy it now. The gateway keeps only its hash and cannot show it again."),
    h("div", { class: "joined" }, text, copy),
    h("div", { class: "modal-actions" }, h("button", { class: "button primary", type: "button", on: { click: () => {
      show(dialog);
      dialog.close();
    } } }, "Done")));
}

function askToRevoke(key, done) {
  ask(`Revoke ${key.name ?? key.id}?`, h("p", {}, "Calls with this key are refused from now on. This cannot be undone."), "Revoke", async () => {
    await send("DELETE", `/admin/keys/${encodeURIComponent(key.id)}`);
    dialog.close();
    done();
  }, "danger");
}
