// Passages that a search found, each with its score taken apart. Takes {label, found, words}; reports
// open {id, at, to}. The marked HTML comes from escaped text; all else is written as text.

import { make } from "./elements.js";

const seen = new WeakMap();

function head(one, words, send) {
  const title = make("h2");
  const link = make("a", "", one.name);
  link.href = one.path;
  link.dir = "auto";
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault(); // the same page, without loading everything again
    send("open", { id: one.id, at: one.at, to: one.to });
  };
  title.append(make("span", "rank", one.rank), link);
  if (one.place) title.append(make("span", "place", one.place));
  return title;
}

// the score as one bar: its length is the score, its parts are what adds up to it
function bar(one) {
  const line = make("div", "score");
  const track = make("span", "track");
  track.setAttribute("aria-hidden", "true");
  for (const [name, share] of [["lexical", one.bar[0]], ["vector", one.bar[1]], ["memory", one.bar[2]]]) {
    const part = make("span", name);
    part.style.width = `${share * 100}%`;
    track.append(part);
  }
  line.append(track, make("strong", "", one.score));
  for (const [name, text] of [["lexical", one.lexical], ["vector", one.vector], ["memory", one.memory]])
    if (text) line.append(make("span", `part ${name}`, text));
  return line;
}

function details(one, words) {
  const box = make("details");
  box.append(make("summary", "", words.details));
  const table = make("table");
  const top = make("tr");
  for (const label of words.heads) {
    const cell = make("th", "", label);
    cell.scope = "col";
    top.append(cell);
  }
  const rows = one.matched.map((cells) => {
    const row = make("tr");
    row.append(...cells.map((text) => make("td", "", text)));
    return row;
  });
  const body = make("tbody");
  body.append(...rows);
  const headPart = make("thead");
  headPart.append(top);
  table.append(headPart, body);
  if (rows.length) box.append(table);
  const list = make("ul");
  list.append(...one.parts.map((text) => make("li", "", text)));
  box.append(list);
  return box;
}

function card(one, words, send) {
  const item = make("li", "one");
  const text = make("blockquote", "text");
  text.innerHTML = one.html;
  text.tabIndex = 0; // it may scroll
  item.append(head(one, words, send), bar(one), make("p", "why", one.why), text, details(one, words));
  return item;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let list = seen.get(parentElement);
  if (!list) {
    list = make("ol");
    parentElement.append(list);
    seen.set(parentElement, list);
  }
  list.setAttribute("aria-label", data.label);
  const told = JSON.stringify(data);
  if (list.told === told) return;
  list.told = told;
  list.replaceChildren(...data.found.map((one) => card(one, data.words, setTriggerValue)));
}
