// The keys of the review desk. Letters and digits work wherever no text is being typed; Escape leaves a
// field, Ctrl+Enter (or Cmd) submits from anywhere. Nothing else on the page hears a key used here.

import { panel } from "./review_around.js";

const TYPED = "textarea, input";

export function onKey(at, event, does) {
  const target = event.composedPath()[0];
  const inside = event.composedPath().includes(at.root);
  if (!inside && document.activeElement !== document.body && document.activeElement) return;
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return used(event, at.data.empty ? null : does.submit);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = inside && target.matches?.(TYPED);
  if (event.key === "Escape") return used(event, () => escape(at, typing));
  if (typing || !usedHere(at, target, event)) return;
  const act = at.data.empty ? EMPTY[event.key.toLowerCase()] : KEYS[event.key.toLowerCase()];
  if (act) used(event, () => act(at, does));
}

function used(event, act) {
  event.preventDefault();
  event.stopImmediatePropagation();
  act?.();
}

// A digit inside a group of its own (scores, failure, passages) belongs to that group; Enter and Space
// belong to the button or fold that has the focus, unless that is a choice.
function usedHere(at, target, event) {
  if (/^[0-9]$/.test(event.key)) return !target.closest?.("[data-digits=own]");
  if (event.key !== "Enter") return true;
  return !target.closest?.("button, summary, a") || target.matches("[role=radio], [role=checkbox]");
}

function escape(at, typing) {
  const opened = at.root.querySelector(".panel:not([hidden])");
  if (opened) panel(at, "");
  else if (typing || at.root.getRootNode().activeElement !== at.root) at.root.focus({ preventScroll: true });
  if (opened) at.root.focus({ preventScroll: true });
}

const verdict = (value) => (at, does) => {
  does.change({ verdict: at.draft.verdict === value && value !== "corrected" ? "" : value });
  if (value === "corrected") does.edit();
};
const into = (name) => (at) => at[name]?.reach();

const KEYS = {
  1: verdict("approved"),
  2: verdict("corrected"),
  3: verdict("rejected"),
  e: (at, does) => does.edit(),
  f: into("failure"),
  t: into("problems"),
  c: into("criteria"),
  n: into("note"),
  p: into("passages"),
  m: into("missing"),
  a: (at, does) => does.accept(),
  s: (at) => panel(at, "skip"),
  g: (at) => panel(at, "guideline"),
  l: (at) => panel(at, "alike"),
  h: (at) => panel(at, "keys"),
  z: (at, does) => does.undo(),
  enter: (at, does) => does.submit(),
};
const EMPTY = {
  z: (at, does) => does.act("undo", {}),
  enter: (at, does) => at.data.empty.enter && does.act(at.data.empty.enter, {}),
};
