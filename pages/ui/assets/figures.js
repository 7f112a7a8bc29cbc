// Figures side by side, each a link to what is behind it. Takes {label, cards: [{key, title, path, value, spark,
// change: {text, tone, word}, target: {text, tone}, notes, thin}]}; reports open. All is written as text.

import { drawing, make } from "./elements.js";

const seen = new WeakMap();
const WIDE = 120;
const HIGH = 28;
const LONG = 8; // characters that a narrow card takes in full size
const SIGNS = { good: "M5 12.5l4.5 4.5L19 7.5", bad: "M6.5 6.5l11 11M17.5 6.5l-11 11" };

// Runs of values that are there; where none is, the line is broken
function runs(values) {
  const found = [[]];
  values.forEach((value, i) => {
    if (value === null) found.push([]);
    else found.at(-1).push([i, value]);
  });
  return found.filter((run) => run.length);
}

function spark(values) {
  const known = values.filter((value) => value !== null);
  const low = Math.min(...known);
  const range = Math.max(...known) - low || 1;
  const x = (i) => 2 + (i / Math.max(1, values.length - 1)) * (WIDE - 4);
  const y = (value) => HIGH - 3 - ((value - low) / range) * (HIGH - 6);
  const lines = runs(values).map((run) => {
    const points = run.map(([i, value]) => `${x(i).toFixed(1)} ${y(value).toFixed(1)}`);
    return `M${points.join("L")}${run.length === 1 ? "h0.1" : ""}`;
  });
  const holder = make("span", "spark");
  holder.setAttribute("aria-hidden", "true");
  holder.innerHTML = `<svg viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none"><path d="${lines.join("")}"/></svg>`;
  return holder;
}

function toned(className, told) {
  const line = make("span", `${className} ${told.tone}`);
  if (told.text) line.append(make("b", "", told.text));
  if (told.word) line.append(make("span", "", told.text ? ` ${told.word}` : told.word));
  return line;
}

function target(told) {
  const line = make("span", `target ${told.tone}`);
  if (SIGNS[told.tone]) {
    const sign = make("span", "sign");
    sign.innerHTML = drawing(SIGNS[told.tone]);
    line.append(sign);
  }
  line.append(make("span", "", told.text));
  return line;
}

function card(told, send) {
  const item = make("li");
  const link = make("a", told.thin ? "card thin" : "card");
  link.href = told.path;
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault(); // the same page, without loading everything again
    send("open", told.key);
  };
  const value = make("span", told.value.length > LONG ? "value long" : "value", told.value);
  link.append(make("span", "title", told.title), value);
  if (told.spark.filter((one) => one !== null).length > 1) link.append(spark(told.spark));
  else link.append(make("span", "spark"));
  link.append(toned("change", told.change));
  if (told.target.text) link.append(target(told.target));
  for (const line of told.notes) link.append(make("span", "note", line));
  item.append(link);
  return item;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let list = seen.get(parentElement);
  if (!list) {
    list = make("ul");
    parentElement.append(list);
    seen.set(parentElement, list);
  }
  const told = JSON.stringify(data);
  if (list.told === told) return;
  const links = [...list.querySelectorAll("a")];
  const focused = links.indexOf(list.getRootNode().activeElement);
  list.told = told;
  list.setAttribute("aria-label", data.label);
  list.replaceChildren(...data.cards.map((one) => card(one, setTriggerValue)));
  if (focused >= 0) list.querySelectorAll("a")[focused]?.focus();
}
