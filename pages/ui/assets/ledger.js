// Rows of facts in a table; where it is narrow, a card each. Takes {label, heads, rows, pages}; reports
// open {place, query}. All is written as text: nothing of it can become an element.

import { drawing, make } from "./elements.js";

const seen = new WeakMap();
const SIGNS = {
  good: "M5 12.5l4.5 4.5L19 7.5",
  note: "M12 5v9M12 18.2v.3",
  bad: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  off: "M6.5 12h11",
  busy: "M12 4a8 8 0 1 1-8 8",
};

function sign(name) {
  const holder = make("span", `sign ${name}`);
  holder.innerHTML = drawing(SIGNS[name]);
  return holder;
}

function link(at, go, text) {
  const element = make("a", "", text);
  element.href = go.path;
  element.dir = "auto";
  element.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault(); // without loading everything again
    at.send("open", { place: go.place, query: go.query });
  };
  return element;
}

// a value and the ends of its interval, from -1 to 1; the words beside it say the same
function whisker(plot) {
  const holder = make("span", "whisker");
  const x = (v) => 60 + 54 * Math.max(-1, Math.min(1, Number(v)));
  const rule = (from, to, top, foot) => `M${from} ${top}L${to} ${foot}`;
  const known = plot.low !== null && plot.high !== null;
  const [low, high] = [x(plot.low), x(plot.high)];
  const range = known ? rule(low, high, 8, 8) + rule(low, low, 5, 11) + rule(high, high, 5, 11) : "";
  holder.innerHTML =
    `<svg viewBox="0 0 120 16" aria-hidden="true"><path class="none-at-all" d="M60 0V16"/>` +
    `<path d="${range}"/><circle cx="${x(plot.value)}" cy="8" r="4"/></svg>`;
  return holder;
}

function fill(at, cell, told) {
  if (told.mark) cell.append(sign(told.mark));
  if (told.go) cell.append(link(at, told.go, told.text));
  else if (told.plot) cell.append(whisker(told.plot));
  else cell.append(make("span", "said", told.text));
  for (const flag of told.flags || []) cell.append(make("span", "flag", flag));
  for (const more of told.links || []) cell.append(make("span", "more"), link(at, more, more.text));
  if (told.note) {
    const note = make("span", "under", told.note);
    note.dir = "auto";
    cell.append(note);
  }
  if (told.help) cell.title = told.help;
}

function row(at, told, heads) {
  const line = make("tr", told.tone ? `is-${told.tone}` : "");
  told.cells.forEach((one, i) => {
    const cell = make(i === 0 ? "th" : "td", heads[i].side || "");
    if (i === 0) cell.scope = "row";
    if (i === heads.findIndex((head) => head.wide)) cell.classList.add("wide");
    cell.dataset.head = heads[i].title;
    if (!one.text && !one.note && !one.plot && !(one.links || []).length) cell.classList.add("none");
    fill(at, cell, one);
    line.append(cell);
  });
  return line;
}

function table(at, data) {
  const whole = make("table");
  whole.append(make("caption", "unseen", data.label));
  const top = make("tr");
  for (const head of data.heads) {
    const cell = make("th", head.side || "", head.title);
    cell.scope = "col";
    if (head.help) cell.title = head.help;
    top.append(cell);
  }
  const head = make("thead", data.bare ? "unseen" : "");
  head.append(top);
  const body = make("tbody");
  body.append(...data.rows.map((one) => row(at, one, data.heads)));
  whole.append(head, body);
  return whole;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let at = seen.get(parentElement);
  if (!at) {
    at = { box: make("div", "ledger") };
    parentElement.append(at.box);
    seen.set(parentElement, at);
  }
  at.send = setTriggerValue;
  const told = JSON.stringify(data);
  if (at.told === told) return;
  const links = [...at.box.querySelectorAll("a")];
  const focused = links.indexOf(at.box.getRootNode().activeElement);
  at.told = told;
  at.box.className = ["ledger", data.bare && "facts", data.figures && "figures"].filter(Boolean).join(" ");
  at.box.replaceChildren(table(at, data));
  if (data.pages?.length) {
    const foot = make("nav", "pages");
    foot.setAttribute("aria-label", data.paging);
    foot.append(...data.pages.map((one) => link(at, one, one.text)));
    at.box.append(foot);
  }
  if (focused >= 0) at.box.querySelectorAll("a")[focused]?.focus();
}
