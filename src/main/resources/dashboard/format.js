// Numbers and times as people read them. What is not known is a dash.

export const DASH = "–";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { day: "2-digit", month: "short" });
const full = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

const known = (value) => value !== null && value !== undefined && !Number.isNaN(value);

export function count(value) {
  return known(value) ? whole.format(value) : DASH;
}

export function compact(value) {
  return !known(value) ? DASH : value < 10_000 ? whole.format(value) : short.format(value);
}

/** Milliseconds with the digits that matter. */
export function millis(value) {
  if (!known(value)) {
    return DASH;
  }
  if (value < 1) {
    return `${value.toFixed(2)} ms`;
  }
  if (value < 100) {
    return `${value.toFixed(1)} ms`;
  }
  if (value < 1000) {
    return `${value.toFixed(0)} ms`;
  }
  return value < 60_000 ? `${(value / 1000).toFixed(2)} s` : `${(value / 60_000).toFixed(1)} min`;
}

export function seconds(value) {
  return value < 60 ? `${Math.ceil(value)} s` : value < 3600 ? `${Math.ceil(value / 60)} min` : `${Math.ceil(value / 3600)} h`;
}

/** US dollars; small amounts with more digits. */
export function dollars(value) {
  if (!known(value)) {
    return DASH;
  }
  if (value === 0) {
    return "$0";
  }
  if (value > 0 && value < 0.000_001) {
    return "<$0.000001";
  }
  const digits = value >= 100 ? 0 : value >= 0.1 ? 2 : value >= 0.001 ? 4 : 6;
  return `$${value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
}

/** A part of 1. */
export function percent(value) {
  if (!known(value)) {
    return DASH;
  }
  const hundredth = value * 100;
  return `${hundredth > 0 && hundredth < 10 ? hundredth.toFixed(1) : hundredth.toFixed(0)} %`;
}

export function rate(value) {
  return known(value) ? `${value >= 100 ? value.toFixed(0) : value.toFixed(1)}/s` : DASH;
}

/** The time of day; with the date when that is not today. */
export function time(iso) {
  const at = new Date(iso);
  return at.toDateString() === new Date().toDateString() ? clock.format(at) : `${day.format(at)} ${clock.format(at)}`;
}

export function moment(iso) {
  return iso ? full.format(new Date(iso)) : DASH;
}

export function date(iso) {
  return iso ? new Intl.DateTimeFormat("en-GB", { dateStyle: "medium" }).format(new Date(iso)) : DASH;
}

/** Words of the gateway's vocabularies, with spaces. */
export function words(text) {
  return text.replaceAll("_", " ");
}
