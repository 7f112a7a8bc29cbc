// What the review desk is made of: buttons, groups to choose from, folds. Text is written as text.

import { make } from "./elements.js";

export function button(className, text, act, { key = "", title = "" } = {}) {
  const element = make("button", className, text);
  element.type = "button";
  if (key) element.append(sign(key));
  if (title) element.title = title;
  element.onclick = act;
  return element;
}

// the key that does it; read aloud by aria-keyshortcuts where that matters, not here
export function sign(key) {
  const element = make("kbd", "", key);
  element.setAttribute("aria-hidden", "true");
  return element;
}

// One of several, or several of them. ``options``: [{value, label, key, help}]; ``chosen()`` tells what
// is chosen, ``choose(value)`` changes it. Digits choose while the focus is in it, arrows move.
export function group({ name, label, many, options, chosen, choose }) {
  const holder = make("div", `group ${name}`);
  holder.setAttribute("role", many ? "group" : "radiogroup");
  holder.setAttribute("aria-label", label);
  const buttons = options.map((option) => {
    const one = button("choice", option.label, () => choose(option.value), option);
    one.dataset.value = option.value;
    one.setAttribute("role", many ? "checkbox" : "radio");
    one.setAttribute("aria-label", option.said || option.label);
    if (option.help) one.title = option.help;
    return one;
  });
  holder.append(...buttons);
  holder.onkeydown = (event) => move(event, holder, buttons, options, { many, choose });
  holder.paint = () => {
    const now = [chosen()].flat().map(String);
    const at = Math.max(0, options.findIndex((option) => now.includes(String(option.value))));
    buttons.forEach((one, i) => {
      one.setAttribute("aria-checked", String(now.includes(one.dataset.value)));
      one.tabIndex = many || i === at ? 0 : -1;
    });
  };
  holder.enter = () => (buttons.find((one) => one.tabIndex === 0) || buttons[0])?.focus();
  return holder;
}

function move(event, holder, buttons, options, { many, choose }) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const here = buttons.indexOf(event.target);
  const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const scores = holder.classList.contains("scores"); // there a digit and up and down are the rows' own
  if (event.key in steps && !(scores && event.key.match(/Up|Down/))) {
    const next = (here + steps[event.key] + buttons.length) % buttons.length;
    buttons[next].focus();
    if (!many) choose(options[next].value, true);
  } else if (/^[0-9]$/.test(event.key) && holder.dataset.digits === "own" && !scores) {
    const wanted = options[Number(event.key) - 1];
    if (!wanted) return;
    choose(wanted.value);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

// Something that is folded until it is wanted; ``told`` is said beside its name while it is folded.
export function fold(className, label, key) {
  const box = make("details", className);
  const head = make("summary", "", label);
  if (key) head.append(sign(key));
  box.told = make("span", "told");
  head.append(box.told);
  box.append(head);
  return box;
}

export function field(tag, className, label, { rows = 0, most = 0, hint = "" } = {}) {
  const element = make(tag, className);
  element.setAttribute("aria-label", label);
  if (rows) element.rows = rows;
  if (most) element.maxLength = most;
  if (hint) element.placeholder = hint;
  return element;
}
