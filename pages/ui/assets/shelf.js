// Documents in a table (cards where it is narrow). Takes {label, columns, rows, words}; reports the
// id of the one to open or to remove. Rows that did not change stay in place.

const seen = new WeakMap();
const BIN = "M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.3 10.5v6M13.7 10.5v6";

function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  if (text) element.textContent = text;
  return element;
}

function name(row, act) {
  const cell = make("th", "name");
  cell.scope = "row";
  if (row.path) {
    const link = make("a", "", row.name);
    link.href = row.path;
    link.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault(); // the same page, without loading everything again
      act("open", row.id);
    };
    cell.append(link);
  } else {
    cell.append(make("span", "", row.name));
  }
  if (row.sample) cell.append(make("span", "sample", row.sample));
  if (row.error) cell.append(make("span", "error", row.error));
  return cell;
}

function bin(row, words, act) {
  const cell = make("td", "act");
  const button = make("button", "");
  const said = words.remove.replace("%s", row.name);
  button.type = "button";
  button.title = said;
  button.setAttribute("aria-label", said);
  button.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${BIN}"/></svg>`;
  button.onclick = () => act("remove", row.id);
  cell.append(button);
  return cell;
}

function line(row, data, act) {
  const element = make("tr", row.state);
  element.append(name(row, act), make("td", "state", row.said));
  row.facts.forEach((fact, i) => {
    const cell = make("td", "fact", fact);
    cell.dataset.label = data.columns[i + 2];
    element.append(cell);
  });
  element.append(bin(row, data.words, act));
  return element;
}

function head(columns, hidden) {
  const row = document.createElement("tr");
  columns.forEach((column, i) => {
    const cell = make("th", i > 1 ? "fact" : "", column);
    cell.scope = "col";
    row.append(cell);
  });
  const last = make("th", "act");
  last.scope = "col";
  last.append(make("span", "unseen", hidden));
  row.append(last);
  return row;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let table = seen.get(parentElement);
  if (!table) {
    table = document.createElement("table");
    table.append(document.createElement("thead"), document.createElement("tbody"));
    parentElement.append(table);
    seen.set(parentElement, table);
  }
  table.setAttribute("aria-label", data.label);
  table.tHead.replaceChildren(head(data.columns, data.words.actions));
  const body = table.tBodies[0];
  const old = new Map([...body.rows].map((element) => [element.told, element]));
  const rows = data.rows.map((row) => {
    const told = JSON.stringify([row, data.columns, data.words]);
    const element = old.get(told) ?? line(row, data, setTriggerValue);
    element.told = told;
    return element;
  });
  body.replaceChildren(...rows);
}
