// The steps of an answer as bars on one axis of time. Takes {label, ticks, mark, steps}; a step opens to
// show its attributes. All is written as text. Shares of the axis are numbers from 0 to 1.

import { make } from "./elements.js";

const seen = new WeakMap();

function at(element, start, share) {
  element.style.left = `${start * 100}%`;
  if (share !== undefined) element.style.width = `${share * 100}%`;
  return element;
}

function track(step, data) {
  const line = make("span", "track");
  line.setAttribute("aria-hidden", "true");
  for (const tick of data.ticks) line.append(at(make("i", "tick"), tick.at));
  if (data.mark) line.append(at(make("i", "first"), data.mark.at));
  const bar = at(make("span", `bar ${step.kind}${step.failed ? " failed" : ""}`), step.start, step.share);
  for (const part of step.parts) {
    const piece = make("span", `part ${part.name}`);
    piece.style.width = `${part.share * 100}%`;
    bar.append(piece);
  }
  line.append(bar);
  return line;
}

function details(step) {
  const list = make("dl");
  for (const [name, value] of step.details) {
    const text = make("dd", "", value);
    text.dir = "auto";
    list.append(make("dt", "", name), text);
  }
  return list;
}

function row(step, data, open) {
  const item = make("li");
  const box = make("details");
  box.open = open;
  const head = make("summary");
  const name = make("span", "name", step.title);
  if (step.about) name.append(make("span", "about", step.about));
  if (step.failed) name.append(make("span", "why", step.failed));
  head.append(name, track(step, data), make("span", "time", step.time));
  box.append(head, details(step));
  item.append(box);
  return item;
}

function axis(data) {
  const line = make("div", "axis");
  line.setAttribute("aria-hidden", "true");
  const track = make("span", "track");
  for (const tick of data.ticks) track.append(at(make("span", "when", tick.text), tick.at));
  line.append(make("span", "name"), track, make("span", "time"));
  return line;
}

export default function ({ data, parentElement }) {
  let box = seen.get(parentElement);
  if (!box) {
    box = make("div", "waterfall");
    parentElement.append(box);
    seen.set(parentElement, box);
  }
  const told = JSON.stringify(data);
  if (box.told === told) return;
  const open = [...box.querySelectorAll("details")].map((one) => one.open);
  box.told = told;
  const list = make("ol");
  list.setAttribute("aria-label", data.label);
  list.append(...data.steps.map((step, i) => row(step, data, Boolean(open[i]))));
  box.replaceChildren(axis(data), list);
  const legend = make("p", "legend");
  if (data.mark) legend.append(make("span", "first", data.mark.text));
  for (const part of data.legend) legend.append(make("span", `part ${part.name}`, part.text));
  if (legend.children.length) box.append(legend);
}
