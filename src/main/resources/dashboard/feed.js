// Calls as they end, told by the gateway.

const MOST = 200;

const calls = [];
const ids = new Set();
const listeners = { calls: new Set(), pulse: new Set(), state: new Set() };
let state = "connecting";
let pulse = null;

/** What tells calls apart: clients may give several the same id. */
export const identity = (call) => `${call.request_id} ${Date.parse(call.received_at)}`;

/** The latest calls, newest first. */
export const latest = () => calls;

/** How many calls are under way; null: not told yet. */
export const lastPulse = () => pulse;

/** connecting, live, or lost. */
export const feedState = () => state;

/** Listens to "calls" (with those that are new), "pulse" or "state"; returns what ends that. */
export function listen(kind, listener) {
  listeners[kind].add(listener);
  return () => listeners[kind].delete(listener);
}

function tell(kind, value) {
  listeners[kind].forEach((listener) => listener(value));
}

function become(next) {
  if (state !== next) {
    state = next;
    tell("state", next);
  }
}

export function connect() {
  const source = new EventSource("/dashboard/events");
  source.addEventListener("open", () => become("live"));
  source.addEventListener("calls", (event) => take(JSON.parse(event.data).calls));
  source.addEventListener("pulse", (event) => {
    pulse = JSON.parse(event.data);
    tell("pulse", pulse);
  });
  source.addEventListener("error", () => {
    become("lost");
    if (source.readyState === EventSource.CLOSED) {
      // Refused, not broken off: the session is over, or the gateway is starting.
      setTimeout(again, 2000);
    }
  });
}

/** Connects anew when the session still holds; else the log-in comes. */
async function again() {
  try {
    const answer = await fetch("/dashboard", { redirect: "manual" });
    if (answer.type === "opaqueredirect") {
      location.replace("/dashboard/login" + location.hash);
      return;
    }
  } catch {
    // Not there at all; the next try will tell.
  }
  connect();
}

function take(told) {
  // After a break all of the latest come again.
  const fresh = told.filter((call) => !ids.has(identity(call)));
  for (const call of fresh) {
    ids.add(identity(call));
    calls.unshift(call);
  }
  while (calls.length > MOST) {
    ids.delete(identity(calls.pop()));
  }
  if (fresh.length > 0) {
    tell("calls", fresh.reverse());
  }
}
