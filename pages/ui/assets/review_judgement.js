// The right side of the review desk: the suggestion, the verdict, and all that may be said beside it,
// folded, since only the verdict is needed.

import { make } from "./elements.js";
import { greet, panel, panels } from "./review_around.js";
import { button, field, fold, group } from "./review_parts.js";

export function judgement(at, does) {
  const { words } = at.data;
  at.kept = make("div", "kept");
  at.others = make("div", "others");
  const scroll = make("div", "details");
  scroll.append(
    ...panels(at, does), at.kept, suggestion(at, does), verdict(at, does), failure(at, does),
    problems(at, does), criteria(at, does), note(at, does), at.others,
  );
  greet(at);
  return [scroll, foot(at, does, words)];
}

function verdict(at, does) {
  const box = group({
    name: "verdict",
    label: at.data.words.verdict,
    options: at.data.verdicts,
    chosen: () => at.draft.verdict,
    choose: (value, moving) => {
      does.change({ verdict: value });
      if (value === "corrected" && !moving) does.edit();
    },
  });
  at.parts.push(box);
  const whole = make("div", "asked");
  whole.append(make("h3", "", at.data.words.verdict), box);
  return whole;
}

// ---- a suggestion is shown as one: it changes nothing until it is taken

function suggestion(at, does) {
  const { suggestion: given, words } = at.data, box = make("div", "suggestion");
  if (!given) return box;
  const show = () => {
    at.suggested = true;
    const line = make("p", "line");
    line.append(make("strong", "", words.suggestion), make("span", "", given.text));
    if (given.fill.verdict) line.append(button("take", words.accept, () => does.accept(), { key: "A" }));
    const list = make("ul");
    for (const one of given.checks) list.append(make("li", one.good ? "good" : "bad", one.said));
    box.replaceChildren(line, list, make("p", "quiet", given.confidence), ...opinion(given, words, does));
  };
  if (given.open) show();
  else box.append(button("plain", words.showSuggestion, show));
  return box;
}

// what a judge model said stands apart, in its name; A takes it where the checks lead to no verdict
function opinion({ judge, fill }, words, does) {
  if (!judge) return [];
  const line = make("p", "line judge"), key = fill.verdict ? "" : "A";
  line.append(make("strong", "", judge.said), make("span", "", judge.text));
  line.append(button("take", words.accept, () => does.accept(judge), { key }));
  return [line, make("p", "why", judge.why), make("p", "quiet", judge.confidence)];
}

// ---- why it failed, and which problems it has

function failure(at, does) {
  const { words, failures } = at.data, box = fold("failure", words.failure, "F");
  const choose = group({
    name: "kinds",
    label: words.failure,
    options: failures,
    chosen: () => at.draft.failure_type,
    choose: (value, moving) =>
      does.change({ failure_type: at.draft.failure_type === value && !moving ? "" : value }),
  });
  choose.dataset.digits = "own";
  const help = make("p", "quiet");
  box.append(choose, help);
  box.reach = () => ((box.open = true), choose.enter());
  box.paint = () => {
    const now = failures.find((one) => one.value === at.draft.failure_type);
    choose.paint();
    help.textContent = now ? now.help : "";
    box.told.textContent = now ? now.label : "";
    const asked = at.draft.verdict === "rejected" || Boolean(now);
    if (asked && !box.asked) box.open = true;
    box.asked = asked;
  };
  at.parts.push(box);
  at.failure = box;
  return box;
}

function problems(at, does) {
  const { words, problems: known } = at.data, box = fold("problems", words.problems, "T");
  const toggle = (value) => {
    const now = at.draft.problems;
    const next = now.includes(value) ? now.filter((one) => one !== value) : [...now, value];
    does.change({ problems: next });
  };
  const choose = group({
    name: "tags", label: words.problems, many: true, options: known,
    chosen: () => at.draft.problems, choose: toggle,
  });
  choose.dataset.digits = "own";
  box.append(choose);
  box.reach = () => ((box.open = true), choose.enter());
  box.paint = () => {
    choose.paint();
    const named = known.filter((one) => at.draft.problems.includes(one.value));
    box.told.textContent = named.map((one) => one.label).join(", ");
  };
  at.parts.push(box);
  at.problems = box;
  return box;
}

// ---- scores: a row for each criterion, the meaning of the point under it; the whole in stars

function criteria(at, does) {
  const { words, criteria: asked } = at.data, box = fold("criteria", words.criteria, "C");
  const rows = asked.map((one) => score(at, one, does));
  rows.push(score(at, at.data.stars, does));
  box.append(...rows);
  box.onkeydown = (event) => along(event, rows);
  box.reach = () => ((box.open = true), rows[0].querySelector(".group").enter());
  box.open = asked.some((one) => one.required);
  box.paint = () => {
    rows.forEach((row) => row.paint());
    const n = Object.keys(at.draft.scores).length;
    box.told.textContent = n ? `${n} / ${asked.length}` : "";
  };
  at.parts.push(box);
  at.criteria = box;
  return box;
}

function score(at, one, does) {
  const row = make("div", "criterion"), stars = one === at.data.stars;
  row.dataset.name = one.name;
  const chosen = () => (stars ? at.draft.stars : at.draft.scores[one.name]) ?? "";
  const set = (value) => {
    if (stars) return does.change({ stars: value });
    const { [one.name]: _before, ...rest } = at.draft.scores;
    does.change({ scores: value === null ? rest : { ...rest, [one.name]: value } });
  };
  const options = one.scale.map((point) => ({
    value: point.value, label: String(point.value), help: point.anchor,
    said: point.anchor ? `${point.value}: ${point.anchor}` : String(point.value),
  }));
  const choose = group({
    name: "scores", label: one.title, options, chosen,
    choose: (value, moving) => set(chosen() === value && !moving ? null : value),
  });
  choose.dataset.digits = "own";
  const anchor = make("p", "anchor"), title = make("span", "title", one.title);
  if (one.required) title.append(make("span", "needed", at.data.words.needed));
  const tell = (value) =>
    (anchor.textContent = one.scale.find((point) => String(point.value) === String(value))?.anchor || "");
  choose.onpointerover = (event) => tell(event.target.dataset.value || chosen());
  choose.onpointerleave = () => tell(chosen());
  choose.addEventListener("focusin", (event) => tell(event.target.dataset.value));
  choose.addEventListener("focusout", () => tell(chosen()));
  row.set = set;
  row.values = one.scale.map((point) => point.value);
  row.enter = choose.enter;
  row.paint = () => {
    choose.paint();
    if (!choose.contains(at.root.getRootNode().activeElement)) tell(chosen());
  };
  row.append(title, choose, anchor);
  return row;
}

// A digit gives the score and goes on to the next criterion; up and down move, Backspace takes back.
function along(event, rows) {
  const here = rows.findIndex((row) => row.contains(event.target));
  if (here < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  const go = (n) => rows[Math.min(Math.max(n, 0), rows.length - 1)].enter();
  const value = /^[0-9]$/.test(event.key) ? Number(event.key) : null;
  if (event.key in steps) go(here + steps[event.key]);
  else if (rows[here].values.includes(value)) rows[here].set(value), go(here + 1);
  else if (event.key === "Backspace" || event.key === "Delete") rows[here].set(null);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function note(at, does) {
  const { words } = at.data, box = fold("note", words.note, "N");
  const text = field("textarea", "", words.note, { rows: 3, most: 10_000 });
  text.value = at.draft.note;
  text.dir = "auto";
  text.oninput = () => does.change({ note: text.value });
  box.open = Boolean(at.draft.note);
  box.append(text);
  box.reach = () => ((box.open = true), text.focus());
  box.paint = () => (box.told.textContent = box.open ? "" : at.draft.note.slice(0, 60));
  at.parts.push(box);
  at.note = box;
  return box;
}

// ---- what others judged, and what was typed and could not be stored

export function others(at, does) {
  const { data } = at, told = JSON.stringify([data.others, data.kept]);
  if (at.othersTold === told && at.kept.childNodes.length + at.others.childNodes.length) return;
  at.othersTold = told;
  at.others.replaceChildren(...(data.others.length ? [judgedBefore(data)] : []));
  at.kept.replaceChildren(...data.kept.map((one) => unstored(one, data.words, does)));
}

function judgedBefore(data) {
  const box = fold("judged", data.words.others);
  box.told.textContent = String(data.others.length);
  for (const one of data.others) {
    box.append(make("p", "", one.said));
    for (const text of one.texts) box.append(make("p", "quiet", text));
  }
  return box;
}

function unstored(one, words, does) {
  const box = make("details", "unstored"), head = make("summary", "", one.said);
  box.append(head, ...one.texts.map((text) => make("p", "typed", text)));
  const acts = make("div", "ways");
  if (one.item) acts.append(button("way", words.takeUp, () => does.resume(one.item)));
  acts.append(button("way", words.dismiss, () => (box.remove(), does.act("dismiss", { number: one.number }))));
  box.append(acts);
  return box;
}

function foot(at, does, words) {
  const box = make("footer", "foot"), line = make("div", "acts");
  at.said = make("p", "said");
  at.saved = make("span", "saved");
  const go = button("submit", words.submit, does.submit, { key: "↵" });
  go.setAttribute("aria-keyshortcuts", "Enter Control+Enter");
  const small = [["skip", words.skip, "S"], ["guideline", words.guideline, "G"], ["keys", words.keys, "H"]];
  line.append(go, button("small undo", words.undo, does.undo, { key: "Z" }));
  for (const [name, label, key] of small)
    line.append(button(`small to-${name}`, label, () => panel(at, name), { key }));
  box.append(at.said, line, at.saved);
  return box;
}
