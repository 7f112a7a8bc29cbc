// A ballot: one question, two answers without names, and what one may say of them. Takes data (see
// pages/ui/compare_ballot.py); reports vote, pass, undo, why, look and go. All HTML in it is built by
// pages/ui/safe.py, everything else is written as text. Keys are handled here; while a vote is on its
// way a second one is not sent.

import { make } from "./elements.js";

const seen = new WeakMap();
const IDLE = 60_000; // milliseconds without a key or a move after which nobody is reading

export default function ({ data, parentElement, setTriggerValue }) {
  let at = seen.get(parentElement);
  if (!at) seen.set(parentElement, (at = begin(parentElement)));
  at.send = (name, told) => setTriggerValue(name, { ...told, at: Date.now() });
  const fresh = at.key !== data.key || at.language !== data.language;
  const first = at.key === undefined;
  Object.assign(at, { data, sent: false });
  at.root.removeAttribute("aria-busy");
  if (fresh) arrive(at, first);
  last(at);
  at.notice.textContent = data.notice;
  at.notice.hidden = !data.notice;
  at.progress.textContent = data.progress;
}

function begin(parent) {
  const root = make("section", "ballot");
  root.tabIndex = -1;
  const voice = make("div", "unseen");
  voice.setAttribute("role", "status");
  parent.append(root, voice);
  const at = { root, voice, active: 0, moved: performance.now() };
  at.notice = make("p", "notice");
  at.notice.setAttribute("role", "alert");
  at.progress = make("p", "progress");
  at.body = make("div", "body");
  at.last = make("div", "last");
  root.append(at.notice, at.body, at.progress, at.last);
  at.onkey = (event) => (root.isConnected ? onKey(at, event) : leave(at));
  document.addEventListener("keydown", at.onkey, true);
  root.addEventListener("keydown", (event) => event.stopPropagation()); // Streamlit has keys too
  for (const kind of ["pointerdown", "wheel", "keydown", "pointermove"])
    root.addEventListener(kind, () => (at.moved = performance.now()), { passive: true });
  at.clock = setInterval(() => tick(at), 500);
  return at;
}

function leave(at) {
  clearInterval(at.clock);
  document.removeEventListener("keydown", at.onkey, true);
}

function tick(at) {
  if (!at.root.isConnected) return leave(at);
  const here = document.visibilityState === "visible" && performance.now() - at.moved < IDLE;
  if (here && !at.data?.empty) at.active += 0.5;
}

// ---- what is shown

function arrive(at, first) {
  const { data } = at, { words } = data;
  Object.assign(at, { key: data.key, language: data.language, active: 0, moved: performance.now() });
  at.root.setAttribute("aria-label", words.ballot);
  if (data.empty) at.body.replaceChildren(empty(at));
  else at.body.replaceChildren(asked(data), sides(at), buttons(at));
  at.voice.textContent = data.announce;
  if (first) return;
  at.root.focus({ preventScroll: true });
  const top = at.root.getBoundingClientRect().top;
  if (top < 0) at.root.scrollIntoView({ block: "start" });
}

function asked({ question, known }) {
  const box = make("div", "asked");
  box.append(make("h2", "question", question));
  if (known) box.append(make("p", "quiet", known));
  return box;
}

function sides(at) {
  const box = make("div", "sides");
  box.append(side(at, "left"), side(at, "right"));
  return box;
}

function side(at, name) {
  const told = at.data[name], box = make("article", "side");
  const text = make("div", "text");
  text.innerHTML = told.html;
  box.append(make("h3", "", at.data.words[name]), text);
  if (told.related.length) box.append(related(told.related));
  box.append(make("p", "sources", told.sources));
  return box;
}

function related(texts) {
  const list = make("ul", "related");
  list.append(...texts.map((text) => make("li", "", text)));
  return list;
}

function buttons(at) {
  const box = make("div", "buttons");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", at.data.words.which);
  const choices = [["left", "1"], ["tie", "3"], ["bad", "4"], ["right", "2"]];
  box.append(...choices.map(([name, key]) => choice(at, name, key)), skip(at));
  return box;
}

function choice(at, name, key) {
  const button = act(`choice ${name}`, at.data.words[`${name}_is`], () => vote(at, name), key);
  button.dataset.choice = name;
  return button;
}

const skip = (at) => act("skip", at.data.words.pass, () => pass(at), "S");

function act(className, text, does, key = "") {
  const button = make("button", className, text);
  button.type = "button";
  button.onclick = does;
  if (key) {
    button.append(sign(key));
    button.setAttribute("aria-keyshortcuts", key);
  }
  return button;
}

function sign(key) {
  const element = make("kbd", "", key);
  element.setAttribute("aria-hidden", "true");
  return element;
}

function empty(at) {
  const told = at.data.empty, box = make("div", "empty");
  box.append(make("h2", "", told.title), ...told.lines.map((line) => make("p", "", line)));
  const acts = make("div", "acts");
  acts.append(...told.acts.map(([name, label, first]) => act(first ? "first" : "", label, () => send(at, name))));
  box.append(acts);
  return box;
}

// ---- the vote before: whose the answers were, why, and the way back

function last(at) {
  const told = at.data.last;
  const same = JSON.stringify(told) + at.data.language;
  if (at.lastShown === same) return;
  at.lastShown = same;
  at.last.hidden = !told;
  if (!told) return at.last.replaceChildren();
  const line = make("p", "was");
  line.append(make("strong", "", told.said), ` ${told.was}`);
  const undo = act("undo", at.data.words.undo, () => send(at, "undo"), "Z");
  const box = make("div", "why");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", at.data.words.why);
  if (told.reasons.length) box.append(make("span", "quiet", at.data.words.why), sign("W"));
  box.append(...told.reasons.map((one) => reason(at, told, one)));
  at.last.replaceChildren(line, undo, box);
}

function reason(at, told, one) {
  const button = act("reason", one.label, () => {
    one.on = !one.on;
    button.setAttribute("aria-pressed", String(one.on));
    at.lastShown = JSON.stringify(told) + at.data.language;
    at.send("why", { vote: told.vote, reasons: told.reasons.filter((each) => each.on).map((each) => each.value) });
  });
  button.setAttribute("aria-pressed", String(one.on));
  return button;
}

// ---- what one does

function vote(at, choice) {
  if (at.data.empty) return;
  const { comparison, left } = at.data;
  send(at, "vote", { comparison, choice, left: left.id, seconds: at.active });
}

const pass = (at) => at.data.empty || send(at, "pass", { comparison: at.data.comparison });

function send(at, name, told = {}) {
  if (at.sent) return;
  at.sent = true;
  at.root.setAttribute("aria-busy", "true");
  at.send(name, told);
  setTimeout(() => (at.sent = false), 6000); // a server that is silent is asked again
}

const KEYS = {
  1: (at) => vote(at, "left"),
  2: (at) => vote(at, "right"),
  3: (at) => vote(at, "tie"),
  0: (at) => vote(at, "tie"),
  4: (at) => vote(at, "bad"),
  s: pass,
  z: (at) => at.data.last && send(at, "undo"),
  w: (at) => at.last.querySelector(".reason")?.focus(),
};

function onKey(at, event) {
  const target = event.composedPath()[0], inside = event.composedPath().includes(at.root);
  if (!inside && document.activeElement !== document.body && document.activeElement) return;
  if (event.isComposing || event.defaultPrevented || event.repeat) return;
  if (event.ctrlKey || event.metaKey || event.altKey || target.matches?.("textarea, input")) return;
  const does = KEYS[event.key.toLowerCase()];
  if (!does) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  does(at);
}
