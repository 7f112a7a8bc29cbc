// The left side of the review desk: why it was chosen, the conversation with the answer in focus, its
// correction with what it changes, the passages it rests on, documents that should have been found.

import { make } from "./elements.js";
import { difference } from "./review_diff.js";
import { button, field, group } from "./review_parts.js";

const SOME = 3; // passages that stand open where none is cited

export function conversation(at, does) {
  const { data } = at;
  const turns = data.turns.map((one) => turn(at, one, does));
  const evidence = make("div", "evidence");
  evidence.append(passages(at, does), missing(at, does));
  return [head(data), ...turns, evidence];
}

function head(data) {
  const top = make("header", "why"), list = make("ul");
  list.setAttribute("aria-label", data.words.reasons);
  for (const one of data.reasons) {
    const item = make("li", one.strong ? "reason strong" : "reason", one.said);
    if (one.help) item.title = one.help;
    list.append(item);
  }
  const link = make("a", "number", `#${data.number}`);
  link.href = data.path;
  link.title = data.words.link;
  top.append(list, ...data.flags.map((flag) => make("span", "flag", flag)), link);
  return top;
}

function turn(at, one, does) {
  const box = make("article", one.focus ? "turn focus" : "turn");
  if (one.question) {
    box.append(make(one.asked ? "h2" : "p", "question", one.question));
    box.firstChild.dir = "auto";
  }
  if (!one.html) return box; // nobody answered
  const answer = make("div", "answer");
  const text = make("div", "text");
  text.innerHTML = one.html;
  text.dir = "auto";
  if (one.note) answer.append(make("p", "note"));
  if (one.note) answer.lastChild.innerHTML = one.note;
  answer.append(text);
  box.append(answer);
  if (!one.focus) return box;
  box.setAttribute("aria-label", at.data.words.inFocus);
  text.onclick = (event) => {
    const cite = event.target.closest("[data-cite]");
    if (cite) at.passages.show(at.data.cites[Number(cite.dataset.cite)]);
  };
  at.answer = answer;
  at.answerText = text;
  answer.append(correcting(at, does));
  const facts = one.facts.map((fact) => `<span title="${fact.help}">${fact.said}</span>`);
  if (facts.length) answer.append(make("p", "facts"));
  if (facts.length) answer.lastChild.innerHTML = facts.join(" · ");
  for (const said of one.said) box.append(make("p", "said", `${at.data.words.raterSaid} “${said}”`));
  return box;
}

// ---- the correction: the answer's text to change, and above it what that changes

function correcting(at, does) {
  const { data } = at, box = make("div", "correcting");
  box.hidden = true;
  at.diff = make("div", "diff");
  at.diff.setAttribute("role", "group");
  at.diff.setAttribute("aria-label", data.words.diff);
  at.diff.dir = "auto";
  at.box = field("textarea", "correction", data.words.correction, { most: 100_000 });
  at.box.value = at.draft.correction || data.original;
  at.box.dir = "auto";
  at.box.oninput = () => {
    const same = at.box.value.trim() === data.original.trim();
    const facts = { correction: same ? "" : at.box.value };
    if (!same && at.draft.verdict !== "rejected") facts.verdict = "corrected";
    if (same && at.draft.verdict === "corrected") facts.verdict = "";
    does.change(facts);
    does.diff();
    tall(at.box);
  };
  const back = button("plain", data.words.original, () => {
    at.box.value = data.original;
    at.box.oninput();
    editing(at, false);
    at.root.focus({ preventScroll: true });
  });
  const foot = make("div", "under");
  foot.append(make("span", "quiet", data.words.correctionHelp), back);
  box.append(at.box, foot);
  at.correcting = box;
  const parts = make("div", "edited");
  parts.append(at.diff, box);
  return parts;
}

export function editing(at, on, focus = false) {
  at.correcting.hidden = !on;
  at.answerText.hidden = on;
  at.diff.hidden = !on;
  if (!on) return;
  showDiff(at);
  tall(at.box);
  if (!focus) return;
  at.box.focus({ preventScroll: true });
  at.box.scrollIntoView({ block: "nearest" });
}

function tall(box) {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 4, 320)}px`;
}

export function showDiff(at) {
  cancelAnimationFrame(at.drawing);
  at.drawing = requestAnimationFrame(() => {
    const runs = difference(at.data.original, at.box.value);
    const tags = { out: "del", in: "ins", same: "span" };
    at.diff.replaceChildren(...runs.map(([kind, words]) => make(tags[kind], "", words)));
  });
}

// ---- passages: folded behind their names, the cited words shown, each right, wrong or outdated

function passages(at, does) {
  const { data } = at, { words } = data;
  const box = make("section", "passages"), list = make("ol");
  box.dataset.digits = "own";
  const title = make("h3", "", data.passages.some((one) => one.cited) ? words.passages : words.foundOnly);
  title.append(make("kbd", "", "P"));
  title.lastChild.setAttribute("aria-hidden", "true");
  box.append(title);
  if (!data.passages.length) box.append(make("p", "quiet", words.noPassages));
  const rows = data.passages.map((one) => passage(at, one, does));
  const cited = data.passages.filter((one) => one.cited).length; // these come first
  const open = cited || (rows.length > SOME ? SOME - 1 : rows.length);
  list.append(...rows.slice(0, open));
  box.append(list);
  if (open < rows.length) box.append(folded(rows.slice(open), cited ? words.uncited : words.more));
  box.reach = () => at.data.passages.length && heads(box)[0].focus();
  box.show = (id) => {
    const row = rows.find((one) => one.dataset.id === id);
    if (!row) return;
    if (row.closest(".more")) row.closest(".more").open = true;
    row.open(true);
    row.querySelector(".head").focus();
  };
  box.onkeydown = (event) => step(box, event);
  at.parts.push({ paint: () => rows.forEach((row) => row.paint()) });
  at.passages = box;
  return box;
}

function folded(rest, said) {
  const more = make("details", "more"), list = make("ol");
  more.append(make("summary", "head", said.replace("%s", rest.length)));
  list.append(...rest);
  more.append(list);
  return more;
}

const heads = (box) => [...box.querySelectorAll(".head")].filter((one) => one.checkVisibility());

function step(box, event) {
  const row = event.target.closest(".passage"), more = event.target.closest("summary");
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in steps && (row || more) && !event.target.closest(".group")) {
    if (more && event.key === "ArrowDown") more.parentElement.open = true;
    const all = heads(box), next = all.indexOf(more || row.querySelector(".head")) + steps[event.key];
    all[Math.min(Math.max(next, 0), all.length - 1)].focus();
  } else if (/^[123]$/.test(event.key) && row) row.mark(Number(event.key) - 1);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function passage(at, one, does) {
  const { marks, words } = at.data, row = make("li", "passage");
  row.dataset.id = one.id;
  const open = button("head", "", () => row.open(body.hidden));
  const name = make("span", "name", one.name);
  name.dir = "auto";
  open.append(make("span", "n", one.number), name, make("span", "place", one.place));
  const quote = make("p", "quote", one.quote);
  quote.dir = "auto";
  const body = make("div", "body text");
  body.hidden = true;
  row.open = (on) => {
    if (on && !body.childNodes.length) body.innerHTML = one.html;
    body.hidden = !on;
    quote.hidden = on;
    open.setAttribute("aria-expanded", String(on));
    if (on && one.path && !row.querySelector("a")) body.append(away(one, words));
  };
  open.setAttribute("aria-expanded", "false");
  row.mark = (i, stay) => {
    const now = { ...at.draft.passages }, value = marks[i].value;
    if (now[one.id] === value && !stay) delete now[one.id];
    else now[one.id] = value;
    does.change({ passages: now });
  };
  const choose = group({
    name: "marks",
    label: words.mark.replace("%s", one.name),
    options: marks,
    chosen: () => at.draft.passages[one.id] || "",
    choose: (value, stay) => row.mark(marks.findIndex((mark) => mark.value === value), stay),
  });
  row.paint = () => {
    choose.paint();
    row.dataset.mark = at.draft.passages[one.id] || "";
  };
  row.append(open, choose, quote, body);
  return row;
}

function away(one, words) {
  const link = make("a", "plain", words.open);
  link.href = one.path;
  link.target = "_blank"; // the judgement stays where it is
  return link;
}

// ---- a document that should have been found, looked for in place

function missing(at, does) {
  const { words } = at.data, box = make("section", "missing");
  const title = make("h3", "", words.missing), hits = make("ul", "hits"), marked = make("ul", "marked");
  title.append(make("kbd", "", "M"));
  title.lastChild.setAttribute("aria-hidden", "true");
  const look = field("input", "look", words.find, { most: 400, hint: words.find });
  look.type = "search";
  look.onkeydown = (event) => {
    if (event.key === "ArrowDown") hits.querySelector("button")?.focus();
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
    event.preventDefault();
    if (look.value.trim()) does.find(look.value.trim());
  };
  const toggle = (id, name) => {
    const now = at.draft.missing, there = now.includes(id);
    at.names[id] = name;
    does.change({ missing: there ? now.filter((one) => one !== id) : [...now, id] });
  };
  let shown = null;
  const renew = () => {
    const { found } = at.data;
    if (!found || found.n === shown) return;
    shown = found.n;
    hits.replaceChildren(...found.hits.map((one) => hit(at, one, toggle)));
    if (!found.hits.length) hits.append(make("li", "quiet", found.none));
    at.voice.textContent = found.said;
    hits.querySelector("button")?.focus();
  };
  hits.onkeydown = (event) => along(event, hits, look);
  const paint = () => {
    marked.replaceChildren(...at.draft.missing.map((id) => chip(at, id, toggle)));
    for (const one of hits.querySelectorAll("button"))
      one.setAttribute("aria-pressed", String(at.draft.missing.includes(one.dataset.id)));
  };
  at.parts.push({ renew, paint });
  box.reach = () => look.focus();
  at.missing = box;
  box.append(title, marked, look, hits);
  return box;
}

function along(event, hits, look) {
  const all = [...hits.querySelectorAll("button")], steps = { ArrowDown: 1, ArrowUp: -1 };
  if (!(event.key in steps)) return;
  const next = all.indexOf(event.target) + steps[event.key];
  (next < 0 ? look : all[Math.min(next, all.length - 1)]).focus();
  event.preventDefault();
}

function hit(at, one, toggle) {
  const row = make("li"), press = button("hit", "", () => toggle(one.id, one.name));
  const name = make("span", "name", one.name), text = make("span", "quiet", one.text);
  name.dir = text.dir = "auto";
  press.dataset.id = one.id;
  press.append(name, make("span", "place", one.place), text, make("span", "state", at.data.words.should));
  row.append(press);
  return row;
}

function chip(at, id, toggle) {
  const row = make("li"), name = at.names[id] || at.data.documents[id] || id;
  const press = button("gone", name, () => toggle(id, name), { title: at.data.words.notMissing });
  press.append(make("span", "", "×"));
  press.setAttribute("aria-label", `${name}: ${at.data.words.notMissing}`);
  row.append(press);
  return row;
}
