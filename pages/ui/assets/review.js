// The review desk: the reasons, a conversation with one answer in focus, and the judgement of it.
// Takes a claim (see pages/ui/review_desk.py); reports submit, draft, beat, skip, undo, find, alike and acts.
// All HTML in it is built by pages/ui/safe.py; everything else is written as text. Each key is handled
// here, so no key waits for the server; what is typed is also kept in this tab until it is stored.

import { make } from "./elements.js";
import { conversation, editing, showDiff } from "./review_talk.js";
import { judgement, others } from "./review_judgement.js";
import { emptied, noticed } from "./review_around.js";
import { onKey } from "./review_keys.js";

const seen = new WeakMap();
const SAVE_AFTER = 1200; // milliseconds without a change
const TRY_AGAIN = 6000; // milliseconds without a word from the server
const NOTHING = {
  verdict: "", scores: {}, stars: null, failure_type: "", problems: [], note: "", correction: "",
  passages: {}, missing: [],
};

export default function ({ data, parentElement, setTriggerValue }) {
  let at = seen.get(parentElement);
  if (!at) seen.set(parentElement, (at = begin(parentElement)));
  at.send = setTriggerValue;
  at.data = data;
  at.heard = performance.now();
  if (at.key !== data.key || at.spoken !== data.language) arrive(at);
  else patch(at);
}

function begin(parent) {
  const root = make("section", "desk");
  root.tabIndex = -1;
  const voice = make("div", "unseen");
  voice.setAttribute("role", "status");
  parent.append(root, voice);
  const at = { root, voice, draft: { ...NOTHING }, names: {}, active: 0, n: 0, moved: performance.now() };
  at.onkey = (event) => {
    if (!root.isConnected) return leave(at);
    if (event.composedPath().includes(root) || document.activeElement === document.body) stirred(at);
    onKey(at, event, doing(at));
  };
  document.addEventListener("keydown", at.onkey, true);
  root.addEventListener("keydown", (event) => event.stopPropagation()); // Streamlit has keys too
  at.onsize = () => fit(at);
  addEventListener("resize", at.onsize);
  for (const kind of ["pointerdown", "wheel", "input"])
    root.addEventListener(kind, () => stirred(at), { passive: true, capture: true });
  at.clock = setInterval(() => tick(at), 500);
  return at;
}

function leave(at) {
  clearInterval(at.clock);
  clearTimeout(at.saving);
  document.removeEventListener("keydown", at.onkey, true);
  removeEventListener("resize", at.onsize);
}

// ---- an item comes, and what of it changes later

function arrive(at) {
  const { data } = at, first = at.key === undefined, same = at.key === data.key;
  if (at.sent && at.sent.item !== data.item) forget(at, at.sent.item);
  if (!same) Object.assign(at, { draft: null, dirty: false, active: 0, suggested: false });
  Object.assign(at, { key: data.key, spoken: data.language, sent: null, noticed: null });
  at.root.setAttribute("aria-label", data.words.desk);
  at.root.removeAttribute("aria-busy");
  if (data.empty) (at.draft = { ...NOTHING }), emptied(at, doing(at));
  else build(at);
  at.moved = at.beaten = performance.now();
  patch(at);
  fit(at);
  if (!data.focus && first) return;
  at.root.focus({ preventScroll: true });
  if (!first && narrow(at)) at.root.scrollIntoView({ block: "start" });
}

function build(at) {
  const { data } = at;
  at.draft ||= kept(at) || { ...NOTHING, ...structuredClone(data.draft) };
  at.root.className = "desk";
  at.notice = make("div", "notice");
  const left = make("div", "left"), right = make("div", "right");
  at.parts = [];
  left.append(...conversation(at, doing(at)));
  right.append(...judgement(at, doing(at)));
  at.root.replaceChildren(at.notice, left, right);
  at.left = left;
  left.setAttribute("role", "group");
  left.setAttribute("aria-label", data.words.conversation);
  left.tabIndex = 0; // it scrolls
  if (at.draft.correction) editing(at, true);
  paint(at);
  const begin = left.querySelector(".turn:has(h2)") || left.querySelector(".turn.focus");
  left.scrollTop = begin.previousElementSibling?.classList.contains("turn") ? begin.offsetTop - 8 : 0;
  at.voice.textContent = data.announce;
  at.shown = performance.now();
}

function patch(at) {
  const { data } = at;
  if (data.saved >= at.n && at.dirty === at.n) at.dirty = false;
  noticed(at, doing(at));
  if (data.empty) return;
  others(at, doing(at));
  for (const part of at.parts) part.renew?.();
  paint(at);
}

export function paint(at) {
  if (!at.draft || at.data.empty) return;
  at.root.dataset.verdict = at.draft.verdict;
  for (const part of at.parts) part.paint?.();
  const { words } = at.data;
  at.saved.textContent = at.sent ? words.sending : at.dirty ? words.unsaved : words.until;
}

function fit(at) {
  if (at.data?.empty) return;
  const wide = !narrow(at);
  at.root.classList.toggle("wide", wide);
  if (!wide) return at.root.style.removeProperty("height"), (at.top = null);
  const page = scroller(at), top = at.root.getBoundingClientRect().top + (page?.scrollTop || 0);
  if (at.top === top && at.tall === innerHeight) return;
  Object.assign(at, { top, tall: innerHeight });
  const stand = (height) => (at.root.style.height = `${Math.max(460, height)}px`);
  stand(innerHeight - top - 16);
  const over = page ? page.scrollHeight - page.clientHeight : 0; // what stands below it
  if (over > 0) stand(innerHeight - top - 16 - over);
}

const narrow = (at) => at.root.clientWidth < 760;
const scroller = (at) => at.root.getRootNode().host?.closest("[data-testid=stMain]");

// ---- what is typed, and how it is kept

function changed(at, facts) {
  Object.assign(at.draft, facts);
  at.dirty = ++at.n;
  remember(at);
  clearTimeout(at.saving);
  at.saving = setTimeout(() => save(at), SAVE_AFTER);
  paint(at);
}

function save(at, name = "draft") {
  clearTimeout(at.saving);
  if (at.sent || at.data.empty) return;
  at.send(name, { ...claim(at), draft: typed(at), n: at.n });
  at.beaten = performance.now();
}

// sent along even if it was saved before: where the claim has passed on, it is kept as refused
const typed = (at) => (JSON.stringify(at.draft) === JSON.stringify(NOTHING) ? null : at.draft);
const claim = (at) => ({ item: at.data.item, token: at.data.token });
const place = (at, item) => `ciclo.review.${at.data.person}.${item}`; // a tab may change hands

function remember(at) {
  try {
    sessionStorage.setItem(place(at, at.data.item), JSON.stringify({ draft: at.draft }));
  } catch {} // no room, or not allowed: the server has it all the same
}

function forget(at, item) {
  try {
    sessionStorage.removeItem(place(at, item));
  } catch {}
}

function kept(at) {
  try {
    const found = JSON.parse(sessionStorage.getItem(place(at, at.data.item)));
    if (!found) return null;
    at.dirty = ++at.n;
    at.saving = setTimeout(() => save(at), SAVE_AFTER);
    return { ...NOTHING, ...found.draft };
  } catch {
    return null;
  }
}

// ---- time: how long the item was looked at, the claim's heartbeat, a server that is silent

function stirred(at) {
  const idle = performance.now() - at.moved;
  at.moved = performance.now();
  if (!at.data?.empty && idle > at.data?.lease * 1000) save(at, "beat"); // back after a long while
}

function tick(at) {
  if (!at.root.isConnected) return leave(at);
  const now = performance.now(), { data } = at;
  fit(at); // what stands above it may come later, or break its line
  if (document.visibilityState === "visible" && now - at.moved < 60_000) at.active += 0.5;
  if (at.sent) {
    if (now - at.sentAt > TRY_AGAIN) again(at);
  } else if (data.empty) {
    if (now - at.heard > data.lookAgain * 1000 && document.visibilityState === "visible") act(at, "look");
  } else if (now - at.beaten > (data.lease * 1000) / 3 && now - at.moved < data.lease * 1000) {
    save(at, "beat"); // held as long as somebody is at it
  }
}

function again(at) {
  at.sentAt = performance.now();
  at.send(at.sent.name, at.sent.told);
  say(at, at.data.words.silent, true);
}

function act(at, name, told = {}) {
  at.heard = performance.now();
  at.send(name, { ...told, at: Date.now() });
}

// ---- what a reviewer does

function doing(at) {
  at.does ||= {
    change: (facts) => changed(at, facts),
    submit: () => submit(at),
    skip: (how, reason) => send(at, "skip", { how, reason }),
    undo: () => send(at, "undo", {}),
    act: (name, told) => act(at, name, told),
    find: (query) => act(at, "find", { query, item: at.data.item }),
    alike: () => act(at, "alike", { item: at.data.item }),
    resume: (item) => send(at, "resume", { to: item }),
    accept: (given) => accept(at, given),
    edit: () => editing(at, true, true),
    say: (text, bad) => say(at, text, bad),
    paint: () => paint(at),
    diff: () => showDiff(at),
  };
  return at.does;
}

function submit(at) {
  if (at.sent) return;
  const { data, draft } = at, { words } = data;
  const asked = data.criteria.find((one) => one.required && !(one.name in draft.scores));
  const alike = !draft.correction.trim();
  if (!draft.verdict) return say(at, words.needVerdict, true);
  if (draft.verdict === "corrected" && alike) {
    editing(at, true, true);
    return say(at, words.needCorrection, true);
  }
  if (asked) {
    at.criteria.open = true;
    at.criteria.querySelector(`[data-name="${CSS.escape(asked.name)}"] .group`).enter();
    return say(at, words.needScore.replace("%s", asked.title), true);
  }
  const judged = { ...draft, correction: draft.verdict === "approved" ? "" : draft.correction };
  send(at, "submit", { judged, seconds: at.active, suggested: at.suggested });
}

function send(at, name, told) {
  if (at.sent) return;
  clearTimeout(at.saving);
  const whole = { ...claim(at), ...told, draft: typed(at), at: Date.now() };
  at.sent = { name, told: whole, item: name === "submit" ? at.data.item : "" };
  at.sentAt = performance.now();
  at.root.setAttribute("aria-busy", "true");
  at.send(name, whole);
  paint(at);
}

function accept(at, chosen) {
  const { suggestion } = at.data, both = [suggestion, suggestion?.judge];
  const given = chosen || both.find((one) => one?.fill?.verdict);
  if (!given) return;
  at.suggested = true;
  const { scores, ...rest } = given.fill;
  changed(at, { ...rest, scores: { ...at.draft.scores, ...scores } });
  at.voice.textContent = given.text;
}

function say(at, text, bad) {
  at.said.textContent = text;
  at.said.classList.toggle("bad", Boolean(bad));
  at.voice.textContent = text;
}
