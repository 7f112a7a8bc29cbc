// A shelf of documents: tools, a table (cards where it is narrow), pages, and a bar for what is chosen.
// Takes {label, view, columns, rows, total, shown, chips, reading, pages, empty, words}: one page of
// rows, never all. Reports open {id}, view {…}, remove | reread | validity | masks {ids | all}.
// What is chosen lives here, by the key of the element, so it outlives every run and every page.

import { make } from "./elements.js";
import { button, format, sign, tick } from "./shelf_parts.js";

const seen = new WeakMap();
const kept = new Map(); // key -> the ids that are chosen, also while another page is shown
const TYPING = 250; // ms without a key before what was typed is looked for

class Shelf {
  constructor(parent, send) {
    this.send = send;
    this.last = -1; // the row that was ticked last, where a range begins
    this.root = make("div", "shelf");
    this.find = this.finder();
    this.chips = make("div", "chips");
    this.chips.setAttribute("role", "group");
    this.count = make("p", "count");
    this.count.setAttribute("aria-live", "polite");
    this.reading = make("p", "progress");
    this.meter = make("span", "meter");
    this.table = make("table");
    this.table.append(make("thead"), make("tbody"));
    this.table.onkeydown = (event) => this.keys(event);
    this.none = make("div", "none");
    this.turner = make("nav", "turner");
    this.bar = make("div", "bar");
    this.bar.setAttribute("role", "group");
    this.tools = make("div", "tools");
    this.tools.append(this.find, this.chips);
    const now = make("div", "now");
    now.append(this.count, this.reading, this.meter);
    const dock = make("div", "dock"); // takes no room: what comes and goes in it moves nothing
    dock.append(this.bar);
    this.root.append(this.tools, now, this.table, this.none, dock, this.turner);
    parent.append(this.root);
  }

  finder() {
    const holder = make("label", "find");
    this.typed = make("input");
    this.typed.type = "search";
    this.typed.maxLength = 300;
    this.typed.oninput = () => {
      clearTimeout(this.wait);
      this.wait = setTimeout(() => this.go({ search: this.typed.value, page: 1 }), TYPING);
    };
    this.typed.onkeydown = (event) => {
      if (event.key !== "Enter") return;
      clearTimeout(this.wait);
      this.go({ search: this.typed.value, page: 1 });
    };
    holder.append(sign("find"), this.typed);
    return holder;
  }

  go(change) {
    this.root.setAttribute("aria-busy", "true");
    this.view = { ...this.view, ...change };
    this.send("view", this.view);
  }

  take(data) {
    this.data = data;
    this.root.setAttribute("aria-busy", "false");
    if (this.key !== data.key) {
      this.key = data.key;
      this.chosen = kept.get(data.key) ?? new Set();
      kept.set(data.key, this.chosen);
      this.every = false;
      this.last = -1;
    }
    this.view = data.view;
    const active = this.root.getRootNode().activeElement;
    if (active !== this.typed) this.typed.value = data.view.search;
    this.typed.placeholder = data.words.find;
    this.typed.setAttribute("aria-label", data.words.find);
    this.table.setAttribute("aria-label", data.label);
    this.tell();
    this.drawChips();
    this.drawHead();
    this.drawRows();
    this.drawPages();
    this.mark();
  }

  tell() {
    const { reading, shown, rows, empty } = this.data;
    if (this.count.textContent !== shown) this.count.textContent = shown;
    this.reading.textContent = reading.text;
    this.meter.style.setProperty("--share", reading.share ?? 0);
    this.meter.hidden = !reading.text;
    this.table.hidden = rows.length === 0;
    this.none.hidden = rows.length > 0;
    if (rows.length > 0 || this.none.told === empty.text) return;
    this.none.told = empty.text;
    this.none.replaceChildren(make("p", "", empty.text));
    if (empty.clear) {
      const all = () => {
        this.typed.value = "";
        this.go({ search: "", only: "all", page: 1 });
      };
      this.none.append(button("plain", empty.clear, all));
    }
  }

  drawChips() {
    this.chips.setAttribute("aria-label", this.data.words.filter);
    this.tools.hidden = this.data.chips.length === 0; // nothing there to look through
    if (this.chips.children.length !== this.data.chips.length) {
      this.chips.replaceChildren(
        ...this.data.chips.map((chip) => {
          const one = button("chip", chip.label, () => this.go({ only: chip.key, page: 1 }));
          one.append(" ", make("span", "n"));
          return one;
        })
      );
    }
    this.data.chips.forEach((chip, i) => {
      const one = this.chips.children[i];
      one.firstChild.textContent = chip.label;
      one.lastChild.textContent = chip.said;
      one.classList.toggle("zero", !chip.n);
      one.setAttribute("aria-pressed", String(chip.key === this.view.only));
    });
  }

  drawHead() {
    const { columns, words, view } = this.data;
    const told = JSON.stringify([columns, words, view.sort, view.descending]);
    if (this.headTold === told) return;
    this.headTold = told;
    const active = this.root.getRootNode().activeElement?.dataset?.sort;
    const row = make("tr");
    const all = make("th", "tick");
    all.scope = "col";
    this.all = tick("box", words.all, () => this.tickPage(this.all.firstChild.checked));
    all.append(this.all);
    row.append(all, ...columns.map((column) => this.columnHead(column)));
    const last = make("th", "act");
    last.scope = "col";
    last.append(make("span", "unseen", words.actions));
    row.append(last);
    this.table.tHead.replaceChildren(row);
    if (active) this.table.querySelector(`[data-sort="${active}"]`)?.focus();
  }

  columnHead(column) {
    const cell = make("th", column.name);
    cell.scope = "col";
    if (!column.sorts) {
      cell.append(make("span", "", column.label));
      return cell;
    }
    const here = this.view.sort === column.name;
    if (here) cell.setAttribute("aria-sort", this.view.descending ? "descending" : "ascending");
    const turn = () => {
      const descending = here ? !this.view.descending : column.down;
      this.go({ sort: column.name, descending, page: 1 });
    };
    const head = button("sort", column.label, turn);
    head.dataset.sort = column.name;
    if (column.help) head.title = column.help;
    cell.append(head);
    return cell;
  }

  drawRows() {
    const body = this.table.tBodies[0];
    const old = new Map([...body.rows].map((element) => [element.row.id, element]));
    const active = this.root.getRootNode().activeElement;
    const held = body.contains(active) ? active.closest("tr") : null;
    const at = held ? [...body.rows].indexOf(held) : -1;
    const rows = this.data.rows.map((row) => {
      const told = JSON.stringify([row, this.data.columns, this.data.words]);
      const before = old.get(row.id);
      if (before?.told === told) return before;
      const element = this.line(row);
      element.told = told;
      return element;
    });
    const same = rows.length === body.rows.length && rows.every((one, i) => one === body.rows[i]);
    if (same) return;
    body.replaceChildren(...rows);
    if (held) this.hold(rows.find((one) => one.row.id === held.row.id) ?? rows[Math.min(at, rows.length - 1)], active);
  }

  // the same control again, in the same row or the one that took its place
  hold(row, before) {
    const name = before.classList[0];
    (row?.querySelector(name ? `.${name}` : "input") ?? this.typed).focus({ preventScroll: true });
  }

  line(row) {
    const { words, columns } = this.data;
    const element = make("tr", row.state);
    element.row = row;
    const first = make("td", "tick");
    const said = words.choose.replace("%s", row.name);
    first.append(tick("box", said, (event) => this.tickRow(row.id, event)));
    element.append(first, this.name(row));
    for (const column of columns.slice(1)) {
      const { text = "", tone = "", help = "" } = row.cells[column.name] ?? {};
      const cell = make("td", `${column.name} ${tone}`.trim());
      cell.dataset.label = column.label;
      cell.append(make("span", "", text));
      if (help) cell.title = help;
      element.append(cell);
    }
    const act = make("td", "act");
    const remove = () => this.send("remove", { ids: [row.id] });
    act.append(button("bin", "", remove, { icon: "bin", title: words.remove.replace("%s", row.name) }));
    element.append(act);
    return element;
  }

  name(row) {
    const cell = make("th", "name");
    cell.scope = "row";
    const link = make("a", "link", row.name);
    link.dir = "auto";
    link.title = row.name;
    link.href = row.path;
    link.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault(); // the same page, without loading everything again
      this.send("open", { id: row.id });
    };
    cell.append(link);
    if (row.sample) cell.append(make("span", "sample", row.sample));
    if (row.error) {
      const error = make("span", "error", row.error);
      const again = () => this.send("reread", { ids: [row.id] });
      if (row.again) error.append(" ", button("plain", row.again, again));
      cell.append(error);
    }
    return cell;
  }

  drawPages() {
    const { pages, words } = this.data;
    this.turner.hidden = pages.last < 2;
    this.turner.setAttribute("aria-label", words.pages);
    if (!this.before) {
      this.before = button("page", "", () => this.turn(-1), { icon: "before" });
      this.after = button("page", "", () => this.turn(1), { icon: "after" });
      this.place = make("span", "place");
      this.turner.append(this.before, this.place, this.after);
    }
    this.place.textContent = pages.said;
    for (const [one, title] of [[this.before, words.before], [this.after, words.after]]) {
      one.title = title;
      one.setAttribute("aria-label", title);
    }
    this.before.disabled = this.view.page <= 1;
    this.after.disabled = this.view.page >= pages.last;
  }

  turn(step) {
    this.go({ page: this.view.page + step });
    this.root.scrollIntoView({ block: "start" });
  }

  tickRow(id, event) {
    const at = this.data.rows.findIndex((row) => row.id === id);
    const on = event.target.checked;
    const from = event.shiftKey && this.last >= 0 ? Math.min(this.last, at) : at;
    const to = event.shiftKey && this.last >= 0 ? Math.max(this.last, at) : at;
    for (const row of this.data.rows.slice(from, to + 1)) this.chosen[on ? "add" : "delete"](row.id);
    if (!on) this.every = false;
    this.last = at;
    this.mark();
  }

  tickPage(on) {
    for (const row of this.data.rows) this.chosen[on ? "add" : "delete"](row.id);
    if (!on) this.every = false;
    this.mark();
  }

  clear() {
    if (this.bar.contains(this.root.getRootNode().activeElement)) this.all.firstChild.focus();
    this.chosen.clear();
    this.every = false;
    this.last = -1;
    this.mark();
  }

  // what is chosen, shown: boxes, rows, the bar
  mark() {
    const rows = [...this.table.tBodies[0].rows];
    for (const element of rows) {
      const on = this.every || this.chosen.has(element.row.id);
      element.querySelector("input").checked = on;
      element.classList.toggle("chosen", on);
    }
    const n = rows.filter((element) => element.classList.contains("chosen")).length;
    const all = this.all.firstChild;
    all.checked = n > 0 && n === rows.length;
    all.indeterminate = n > 0 && n < rows.length;
    this.drawBar();
  }

  drawBar() {
    const { words, total, rows } = this.data;
    const n = this.every ? total : this.chosen.size;
    this.root.classList.toggle("locked", this.data.locked); // to look at alone
    this.bar.hidden = n === 0 || this.data.locked;
    this.root.classList.toggle("choosing", n > 0);
    this.bar.setAttribute("aria-label", words.chosen);
    const whole = rows.length > 0 && rows.every((row) => this.chosen.has(row.id));
    const more = whole && !this.every && total > this.chosen.size;
    const told = JSON.stringify([n, more, total, words]);
    if (this.bar.told === told) return;
    this.bar.told = told;
    const count = make("span", "n", (n === 1 ? words.one : words.many).replace("%s", format(n)));
    count.setAttribute("aria-live", "polite");
    this.bar.replaceChildren(count);
    if (more) this.bar.append(button("plain all", words.every.replace("%s", format(total)), () => this.takeAll()));
    const act = (name, text, icon = "") =>
      this.bar.append(button(`do ${name}`, text, () => this.act(name), { icon }));
    act("validity", words.validity);
    act("masks", words.masks);
    act("reread", words.reread);
    act("remove", words.delete, "bin");
    this.bar.append(button("leave", "", () => this.clear(), { icon: "close", title: words.none }));
  }

  takeAll() {
    this.every = true;
    this.mark();
    this.bar.querySelector(".do")?.focus();
  }

  act(name) {
    const what = this.every ? { all: true, view: this.view } : { ids: [...this.chosen] };
    this.root.setAttribute("aria-busy", "true");
    this.send(name, what);
    this.clear();
  }

  // arrows move between rows, x ticks one, Ctrl+A all of the page, Delete removes, Escape lets go
  keys(event) {
    const row = event.target.closest("tr");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") this.tickPage(true);
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") this.step(row, event.key === "ArrowDown" ? 1 : -1);
    else if (this.data.locked) return;
    else if (event.key === "x" && row.row) row.querySelector("input").click();
    else if (event.key === "Delete" && (this.every || this.chosen.size)) this.act("remove");
    else if (event.key === "Escape" && (this.every || this.chosen.size)) this.clear();
    else return;
    event.preventDefault();
  }

  step(row, by) {
    const rows = [...this.table.tHead.rows, ...this.table.tBodies[0].rows];
    const next = rows[rows.indexOf(row) + by];
    next?.querySelector("input").focus();
    next?.scrollIntoView({ block: "nearest" });
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  let shelf = seen.get(parentElement);
  if (!shelf) {
    shelf = new Shelf(parentElement, setTriggerValue);
    seen.set(parentElement, shelf);
  }
  shelf.send = setTriggerValue;
  shelf.take(data);
}
