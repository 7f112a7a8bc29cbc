// Around the judgement: panels (keys, guidelines, skipping), what the server has to say, and what is
// shown when nothing waits.

import { drawing, make } from "./elements.js";
import { button, field } from "./review_parts.js";

export function panels(at, does) {
  const { data } = at, { words } = data;
  const keys = make("div", "panel keys"), list = make("dl");
  for (const [key, said] of data.keys) {
    const name = make("dt");
    name.append(...key.split(" ").map((one) => make("kbd", "", one)));
    list.append(name, make("dd", "", said));
  }
  keys.append(make("h3", "", words.keys), list);
  const guideline = make("div", "panel guideline"), text = make("div", "text");
  text.innerHTML = data.guideline.html;
  text.tabIndex = 0; // scrolled by the keyboard too
  text.setAttribute("role", "region");
  text.setAttribute("aria-label", words.guideline);
  const about = make("p", "quiet", data.guideline.said);
  guideline.append(make("h3", "", words.guideline), text, about);
  at.panels = { keys, guideline, skip: skipping(at, does), alike: alike(at, does) };
  for (const [name, one] of Object.entries(at.panels)) {
    one.hidden = true;
    one.tabIndex = -1;
    one.setAttribute("role", "region");
    one.setAttribute("aria-label", name === "skip" ? words.skip : words[name]);
    const shut = button("shut", "", () => panel(at, ""), { title: words.close });
    shut.setAttribute("aria-label", words.close);
    shut.innerHTML = drawing("M6 6l12 12M18 6L6 18");
    one.prepend(shut);
  }
  return Object.values(at.panels);
}

// Open one of them (the same again closes it); "" closes all.
export function panel(at, name) {
  const opened = name && at.panels[name].hidden;
  for (const one of Object.values(at.panels)) one.hidden = true;
  if (!opened) return;
  at.panels[name].hidden = false;
  at.panels[name].parentElement.scrollTop = 0;
  at.panels[name].opened?.();
  (at.panels[name].querySelector("input") || at.panels[name]).focus();
}

// The guidelines stand open for whoever has not seen these yet.
export function greet(at) {
  const { guideline } = at.data, place = `ciclo.guideline.${guideline.queue}`;
  try {
    if (guideline.empty || localStorage.getItem(place) === guideline.version) return;
    localStorage.setItem(place, guideline.version);
  } catch {
    return;
  }
  at.panels.guideline.hidden = false;
}

function skipping(at, does) {
  const { words } = at.data, box = make("div", "panel skip");
  const reason = field("input", "reason", words.skipReason, { most: 1000, hint: words.skipReason });
  const go = (how) => does.skip(how, reason.value);
  reason.onkeydown = (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      go("skip");
    }
  };
  const ways = make("div", "ways");
  for (const [how, label, key] of at.data.ways) ways.append(button("way", label, () => go(how), { key }));
  ways.append(button("way", words.alike, () => panel(at, "alike"), { key: "L" }));
  box.append(make("h3", "", words.skip), make("p", "quiet", words.skipHelp), reason, ways);
  return box;
}

// Items like this one, looked for when it is opened; one that waits comes onto the desk, this one goes back.
function alike(at, does) {
  const { words } = at.data, box = make("div", "panel alike"), list = make("ul", "hits");
  box.append(make("h3", "", words.alike), list);
  box.opened = () => {
    if (!at.data.alike) list.replaceChildren(make("li", "quiet", words.looking));
    does.alike();
  };
  let shown = "";
  const renew = () => {
    const told = JSON.stringify(at.data.alike);
    if (!at.data.alike || told === shown) return;
    shown = told;
    const { rows, none } = at.data.alike;
    list.replaceChildren(...rows.map((one) => like(one, does)));
    if (!rows.length) list.append(make("li", "quiet", none));
    if (!box.hidden && box.matches(":focus")) list.querySelector("button, a")?.focus();
  };
  list.onkeydown = (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1 }, all = [...list.querySelectorAll("button, a")];
    if (!(event.key in steps)) return;
    all[Math.min(Math.max(all.indexOf(event.target) + steps[event.key], 0), all.length - 1)]?.focus();
    event.preventDefault();
  };
  at.parts.push({ renew });
  return box;
}

function like(one, does) {
  const row = make("li"), name = make("span", "name", one.question);
  const way = one.item ? button("hit", "", () => does.resume(one.item)) : make(one.path ? "a" : "div", "hit");
  name.dir = "auto";
  if (!one.item && one.path) Object.assign(way, { href: one.path, target: "_blank" });
  way.append(name, make("span", "quiet", one.said));
  row.append(way);
  return row;
}

// What the server said of the last thing done: once, until it says something else.
export function noticed(at, does) {
  const { notice } = at.data;
  if (!notice || at.noticed === notice.n) return;
  at.noticed = notice.n;
  at.sent = null;
  at.root.removeAttribute("aria-busy");
  const words = make("p", "", notice.text);
  at.notice.className = notice.bad ? "notice bad" : "notice";
  at.notice.replaceChildren(words, button("shut", "×", () => at.notice.replaceChildren()));
  at.notice.lastChild.setAttribute("aria-label", at.data.words.close);
  at.voice.textContent = notice.text;
}

export function emptied(at, does) {
  const { empty } = at.data;
  at.root.className = "desk none";
  at.root.style.removeProperty("height");
  at.top = null;
  at.notice = make("div", "notice");
  const box = make("div", "empty");
  box.append(make("h2", "", empty.title), ...empty.lines.map((line) => make("p", "", line)));
  const acts = make("div", "acts");
  for (const [name, label, key] of empty.acts)
    acts.append(button(name === empty.first ? "act first" : "act", label, () => does.act(name), { key }));
  box.append(acts);
  at.root.replaceChildren(at.notice, box);
  at.voice.textContent = empty.title;
  at.parts = [];
}
