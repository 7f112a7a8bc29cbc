// What a shelf is made of: signs, buttons, boxes, numbers.

import { drawing, make } from "./elements.js";

const ICONS = {
  bin: "M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.3 10.5v6M13.7 10.5v6",
  again: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3M19.5 3.5v4h-4",
  find: "M10.5 17a6.5 6.5 0 1 1 0-13 6.5 6.5 0 0 1 0 13zM15.5 15.5L20 20",
  close: "M6 6l12 12M18 6L6 18",
  before: "M14.5 5.5L8 12l6.5 6.5",
  after: "M9.5 5.5L16 12l-6.5 6.5",
};

export function sign(name) {
  const holder = make("span", "sign");
  holder.innerHTML = drawing(ICONS[name]);
  return holder;
}

export function button(className, text, act, { icon = "", title = "" } = {}) {
  const element = make("button", className);
  element.type = "button";
  if (icon) element.append(sign(icon));
  if (text) element.append(make("span", "", text));
  if (title) {
    element.title = title;
    element.setAttribute("aria-label", title);
  }
  element.onclick = act;
  return element;
}

export function tick(className, label, act) {
  const holder = make("label", className);
  const box = make("input");
  box.type = "checkbox";
  box.setAttribute("aria-label", label);
  box.onclick = act;
  holder.append(box);
  return holder;
}

export function format(n) {
  return new Intl.NumberFormat(document.documentElement.lang || undefined).format(n);
}
