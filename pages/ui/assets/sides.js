// Two answers to one question, side by side. Takes data (see pages/ui/compare_side.py), reports what was
// pressed: cite and source as {side, n}, how as the side. It patches what differs and leaves the rest in
// place, so both columns grow where they stand. Its HTML is built by pages/ui/safe.py and facts.py; all
// else is written as text.

import { make } from "./elements.js";

const seen = new WeakMap();

function part(parent, tag, className) {
  const element = make(tag, className);
  parent.append(element);
  return element;
}

function column(root, at, side) {
  const one = { side, root: part(root, "article", `column ${side}`) };
  one.head = part(one.root, "header", "head");
  one.letter = part(one.head, "span", "letter");
  one.name = part(one.head, "h3", "name");
  one.badges = part(one.head, "span", "badges");
  one.body = part(one.root, "div", "body");
  one.note = part(one.body, "p", "note");
  one.reasoning = part(one.body, "details", "reasoning");
  one.reasoningName = part(one.reasoning, "summary", "");
  one.thoughts = part(one.reasoning, "div", "thoughts");
  one.status = part(one.body, "div", "status");
  one.status.setAttribute("role", "status");
  one.text = part(one.body, "div", "text");
  one.sources = part(one.root, "ul", "sources");
  one.figures = part(one.root, "dl", "figures");
  one.foot = part(one.root, "footer", "foot");
  one.how = part(one.foot, "button", "how");
  one.how.type = "button";
  one.how.onclick = () => at.send("how", side);
  one.root.onclick = (event) => {
    const cite = event.target.closest("[data-cite]");
    if (cite) at.send("cite", { side, n: Number(cite.dataset.cite) });
    const source = event.target.closest("[data-source]");
    if (source) at.send("source", { side, n: Number(source.dataset.source) });
  };
  return one;
}

function patch(element, html) {
  if (element.shown !== html) {
    element.innerHTML = html;
    element.shown = html;
  }
  element.hidden = !html;
}

function showHead(one, told) {
  one.letter.textContent = told.letter;
  one.name.textContent = told.name;
  const said = told.badges.join("\n");
  if (one.badges.shown === said) return;
  one.badges.shown = said;
  one.badges.replaceChildren(...told.badges.map((badge) => make("span", "badge", badge)));
}

function showSources(one, told, words) {
  const html = told.sources.map(
    (source, i) =>
      `<li><button type="button" class="source" data-source="${i}">` +
      `<span class="number">${source.number}</span><span class="name">${source.name}</span>` +
      (source.place ? `<span class="place">${source.place}</span>` : "") +
      (source.snippet ? `<span class="snippet">${source.snippet}</span>` : "") +
      "</button></li>",
  );
  one.sources.setAttribute("aria-label", words.sources);
  one.sources.classList.toggle("tall", told.sources.some((source) => source.snippet));
  patch(one.sources, html.join(""));
  one.sources.hidden = false; // keeps its row, so that both columns stay level
}

function figure(told, words) {
  const row = make("div", told.better ? "figure better" : "figure");
  const name = make("dt", "", told.name), value = make("dd");
  row.title = told.help;
  value.append(make("span", "value", told.said));
  if (told.better) value.append(make("span", "sign", words.better));
  row.append(name, value);
  return row;
}

function showFigures(one, told, words) {
  const said = JSON.stringify([told.figures, words.better]);
  if (one.figures.shown === said) return;
  one.figures.shown = said;
  one.figures.replaceChildren(...told.figures.map((fact) => figure(fact, words)));
}

function show(one, told, words) {
  one.root.className = `column ${one.side} ${told.outcome}`;
  one.root.setAttribute("aria-busy", String(told.running));
  one.root.setAttribute("aria-label", told.label);
  showHead(one, told);
  patch(one.note, told.note);
  one.reasoningName.textContent = words.reasoning;
  patch(one.thoughts, told.reasoning);
  one.reasoning.hidden = !told.reasoning;
  patch(one.status, told.status);
  patch(one.text, told.html);
  showSources(one, told, words);
  showFigures(one, told, words);
  one.how.textContent = words.how;
  one.how.hidden = !told.how;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let at = seen.get(parentElement);
  if (!at) {
    at = {};
    at.root = part(parentElement, "section", "sides");
    at.columns = ["left", "right"].map((side) => column(at.root, at, side));
    seen.set(parentElement, at);
  }
  at.send = setTriggerValue;
  at.root.setAttribute("aria-label", data.label);
  at.columns.forEach((one, i) => show(one, data.columns[i], data.words));
}
