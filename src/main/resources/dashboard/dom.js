// Elements without markup: text goes in as text, whatever it holds.

/**
 * An element. Of its properties `class`, `on` (listeners by event) and `data` are special, functions of its own such as
 * `value` are set, all others become attributes. Children are elements or text; null and false are left out.
 */
export function h(tag, properties, ...children) {
  return fill(document.createElement(tag), properties, children);
}

/** The same for SVG. */
export function svg(tag, properties, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) {
        element.addEventListener(event, listener);
      }
    } else if (name === "data") {
      Object.assign(element.dataset, value);
    } else if (name === "value") {
      element.value = value;
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.flat(2).filter(shown).map(node));
  return element;
}

function shown(child) {
  return child !== null && child !== undefined && child !== false;
}

function node(child) {
  return child instanceof Node ? child : document.createTextNode(String(child));
}

/** Replaces what is in an element. */
export function show(element, ...children) {
  element.replaceChildren(...children.flat(2).filter(shown).map(node));
}

const PATHS = {
  overview: "M3 13h4v4H3zM8 8h4v9H8zM13 3h4v14h-4z",
  requests: "M3 5h14M3 10h14M3 15h9",
  providers: "M4 4h12v5H4zM4 11h12v5H4zM7 6.5h.01M7 13.5h.01",
  keys: "M12.5 3a4.5 4.5 0 1 0-3.9 6.7L3 15.3V17h3v-2h2v-2h2l1-1a4.5 4.5 0 0 0 1.5-9zM13.5 6.5h.01",
  playground: "M4 4h12v9H9l-4 3v-3H4z",
};

/** A picture of a page, drawn in the colour of the text beside it. */
export function icon(name) {
  return svg(
    "svg",
    { viewBox: "0 0 20 20", width: 20, height: 20, fill: "none", stroke: "currentColor", "stroke-width": 1.6,
      "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" },
    svg("path", { d: PATHS[name] }),
  );
}

/** Nothing to show: what that means and what to do next. */
export function empty(title, ...what) {
  return h("div", { class: "empty" }, h("p", { class: "empty-title" }, title), h("p", {}, what));
}

/** A word on a coloured ground; `kind` is ok, warn, bad, or nothing. */
export function pill(text, kind) {
  return h("span", { class: `pill ${kind ?? ""}` }, text);
}

/** A labelled field around its control. */
export function field(label, control, hint) {
  return h("label", { class: "field" }, h("span", { class: "field-label" }, label), control,
    hint ? h("span", { class: "hint" }, hint) : null);
}

/** A list to choose from: [value, text] each. */
export function select(options, chosen, properties) {
  return h("select", properties, options.map(([value, text]) =>
    h("option", { value, selected: value === chosen }, text)));
}
