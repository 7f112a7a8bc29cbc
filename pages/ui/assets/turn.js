// A question and its answer. Takes data (see pages/ui/answer.py), reports what was pressed.
// Runs again whenever data changes: it patches what differs and leaves the rest in place.

const PATHS = {
  copy: "M8 8h11v11H8zM5 16V5h11",
  done: "M5 12.5l4.5 4.5L19 7.5",
  again: "M19 8.5A8 8 0 1 0 20 13M19 4v4.5h-4.5",
  up: "M7 11v9H4v-9zM7 11l4-8c1.5 0 2.5 1 2.5 2.5L13 9h5.5c1.2 0 2 1 1.8 2.2l-1.2 7c-.2 1-1 1.8-2 1.8H7",
  down: "M7 13V4H4v9zM7 13l4 8c1.5 0 2.5-1 2.5-2.5L13 15h5.5c1.2 0 2-1 1.8-2.2l-1.2-7c-.2-1-1-1.8-2-1.8H7",
  before: "M14.5 6L8.5 12l6 6",
  after: "M9.5 6l6 6-6 6",
  report: "M6 21V4M6 4.5h11.5l-2.5 4 2.5 4H6",
  stop: "M7 7h10v10H7z",
  how: "M5 6h7M8 12h9M13 18h6",
  edit: "M5 19h3.5L19 8.5 15.5 5 5 15.5zM13.5 7l3.5 3.5",
};

function icon(name) {
  return `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${PATHS[name]}"/></svg>`;
}

function make(tag, className, parent) {
  const element = document.createElement(tag);
  element.className = className;
  parent.append(element);
  return element;
}

function tool(parent, name, act) {
  const button = make("button", `tool ${name}`, parent);
  button.type = "button";
  button.innerHTML = icon(name);
  button.onclick = act;
  return button;
}

function named(button, words) {
  button.setAttribute("aria-label", words);
  button.title = words;
}

function build(root) {
  const at = { root: make("article", "turn", root) };
  at.asked = make("header", "asked", at.root);
  at.question = make("h2", "question", at.asked);
  at.wordings = make("span", "wordings", at.asked);
  at.answer = make("div", "answer", at.root);
  at.note = make("p", "note", at.answer);
  at.reasoning = make("details", "reasoning", at.answer);
  at.reasoningName = make("summary", "", at.reasoning);
  at.thoughts = make("div", "thoughts", at.reasoning);
  at.status = make("div", "status", at.answer);
  at.status.setAttribute("role", "status");
  at.text = make("div", "text", at.answer);
  at.sources = make("ul", "sources", at.answer);
  at.quiet = make("footer", "quiet", at.answer);
  at.facts = make("span", "facts", at.quiet);
  at.tools = make("span", "tools", at.quiet);
  return at;
}

function buildTools(at) {
  const press = (name, value) => at.trigger(name, value);
  at.stop = tool(at.tools, "stop", () => press("stop", true));
  at.stop.append(make("span", "word", at.stop));
  at.before = tool(at.tools, "before", () => press("sibling", at.data.siblings.before));
  at.which = make("span", "which", at.tools);
  at.after = tool(at.tools, "after", () => press("sibling", at.data.siblings.after));
  at.copy = tool(at.tools, "copy", () => copy(at));
  at.again = tool(at.tools, "again", () => press("again", true));
  for (const way of ["up", "down"]) {
    at[way] = tool(at.tools, way, () => rate(at, way));
  }
  at.flag = tool(at.tools, "report", () => press("flag", true));
  at.how = tool(at.tools, "how", () => press("how", true));
}

function buildWordings(at) {
  at.edit = tool(at.wordings, "edit", () => beginEdit(at));
  at.older = tool(at.wordings, "before", () => at.trigger("sibling", at.data.wordings.before));
  at.wording = make("span", "wording", at.wordings);
  at.newer = tool(at.wordings, "after", () => at.trigger("sibling", at.data.wordings.after));
}

// The question becomes a box; what is typed stays until it has been asked, or is given up.
function beginEdit(at) {
  const { words, question, most } = at.data;
  at.form = make("form", "editing", at.asked);
  const box = make("textarea", "", at.form);
  box.value = question;
  box.maxLength = most;
  box.rows = Math.min(8, question.split("\n").length + 1);
  box.setAttribute("aria-label", words.question);
  const send = make("button", "send", at.form);
  send.textContent = words.send;
  const cancel = make("button", "cancel", at.form);
  cancel.type = "button";
  cancel.textContent = words.cancel;
  cancel.onclick = () => endEdit(at);
  box.onkeydown = (event) => {
    if (event.key === "Escape") endEdit(at);
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      at.form.requestSubmit();
    }
  };
  at.form.onsubmit = (event) => {
    event.preventDefault();
    if (box.value.trim()) at.trigger("edit", box.value);
  };
  at.question.hidden = at.wordings.hidden = true;
  box.focus();
}

function endEdit(at) {
  at.form.remove();
  at.form = null;
  at.question.hidden = at.wordings.hidden = false;
  at.edit.focus();
}

function showWordings(at) {
  const { words, wordings, running } = at.data;
  named(at.edit, words.edit);
  named(at.older, words.older);
  named(at.newer, words.newer);
  at.edit.hidden = running;
  for (const part of [at.older, at.wording, at.newer]) part.hidden = !wordings;
  if (wordings) {
    at.wording.textContent = wordings.said;
    at.older.disabled = !wordings.before;
    at.newer.disabled = !wordings.after;
  }
}

function rate(at, way) {
  at.data.rating = way; // shown at once; the next data says the same
  showRating(at);
  at.trigger("rate", way);
}

function showRating(at) {
  for (const way of ["up", "down"]) {
    at[way].setAttribute("aria-pressed", String(at.data.rating === way));
  }
}

async function copy(at) {
  await navigator.clipboard.writeText(at.data.copy);
  at.copy.innerHTML = icon("done");
  named(at.copy, at.data.words.copied);
  setTimeout(() => {
    at.copy.innerHTML = icon("copy");
    named(at.copy, at.data.words.copy);
  }, 1600);
}

function patch(element, html) {
  if (element.shown !== html) {
    element.innerHTML = html;
    element.shown = html;
  }
  element.hidden = !html;
}

function showSources(at) {
  const sources = at.data.sources;
  const html = sources.map(
    (source, i) =>
      `<li><button type="button" class="source" data-source="${i}">` +
      `<span class="number">${source.number}</span>` +
      `<span class="name">${source.name}</span>` +
      (source.place ? `<span class="place">${source.place}</span>` : "") +
      (source.snippet ? `<span class="snippet">${source.snippet}</span>` : "") +
      "</button></li>",
  );
  at.sources.setAttribute("aria-label", at.data.words.sources);
  at.sources.classList.toggle("tall", sources.some((source) => source.snippet));
  patch(at.sources, html.join(""));
}

function showTools(at) {
  const { words, siblings, running, rated } = at.data;
  for (const name of ["copy", "again", "up", "down", "flag", "before", "after", "stop", "how"]) {
    named(at[name], words[name]);
  }
  at.stop.querySelector(".word").textContent = words.stop;
  at.stop.hidden = !running;
  for (const name of ["copy", "again"]) at[name].hidden = running;
  at.how.hidden = running || !at.data.traced;
  for (const name of ["up", "down", "flag"]) at[name].hidden = running || !rated;
  at.flag.setAttribute("aria-pressed", String(Boolean(at.data.flagged)));
  for (const name of ["before", "which", "after"]) at[name].hidden = running || !siblings;
  if (siblings) {
    at.which.textContent = siblings.said;
    at.before.disabled = !siblings.before;
    at.after.disabled = !siblings.after;
  }
  showRating(at);
}

function show(at) {
  const { data } = at;
  at.root.setAttribute("aria-busy", String(data.running));
  at.root.className = `turn ${data.outcome}`;
  at.question.textContent = data.question;
  patch(at.note, data.note);
  at.reasoningName.textContent = data.words.reasoning;
  patch(at.thoughts, data.reasoning);
  at.reasoning.hidden = !data.reasoning;
  patch(at.status, data.status);
  patch(at.text, data.html);
  showSources(at);
  at.facts.innerHTML = data.facts
    .map((fact) => `<span title="${fact.help}">${fact.said}</span>`)
    .join('<span class="dot" aria-hidden="true">·</span>');
  showTools(at);
  showWordings(at);
  if (data.here && !at.came) at.root.scrollIntoView({ block: "start" }); // led here by its trace
  at.came = data.here;
}

const seen = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  let at = seen.get(parentElement);
  if (!at) {
    at = build(parentElement);
    buildTools(at);
    buildWordings(at);
    seen.set(parentElement, at);
    at.root.onclick = (event) => {
      const cite = event.target.closest("[data-cite]");
      if (cite) at.trigger("cite", Number(cite.dataset.cite));
      const source = event.target.closest("[data-source]");
      if (source) at.trigger("source", Number(source.dataset.source));
    };
  }
  at.trigger = setTriggerValue;
  at.data = data;
  show(at);
}
