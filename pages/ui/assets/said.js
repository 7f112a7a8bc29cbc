// What the last action came to, in a card at the window's edge: it moves nothing on the page.
// Takes {token, headline, lines, undo, close, seconds} (token 0: nothing to say); reports undo, close.

import { make } from "./elements.js";

const seen = new WeakMap();

function button(className, text, act) {
  const element = make("button", className, text);
  element.type = "button";
  element.onclick = act;
  return element;
}

function line(one) {
  const item = make("li", one.bad ? "bad" : "");
  const name = make("span", "name", one.name);
  name.dir = "auto";
  item.append(name, make("span", "text", one.text));
  return item;
}

function fill(card, data, send) {
  clearTimeout(card.wait);
  card.hidden = !data.token;
  if (!data.token) return card.replaceChildren();
  const head = make("div", "head");
  head.append(make("p", "", data.headline));
  if (data.undo) head.append(button("undo", data.undo, () => send("undo", data.token)));
  const leave = button("close", "×", () => {
    card.hidden = true;
    send("close", data.token);
  });
  leave.setAttribute("aria-label", data.close);
  head.append(leave);
  card.replaceChildren(head);
  if (data.lines.length) {
    const list = make("ul", "");
    list.append(...data.lines.map(line));
    list.tabIndex = 0;
    list.setAttribute("aria-label", data.headline);
    card.append(list);
  }
  if (data.seconds) fade(card, data.seconds);
}

function fade(card, seconds) {
  card.wait = setTimeout(() => {
    if (card.matches(":hover, :focus-within")) fade(card, seconds); // somebody is still at it
    else card.hidden = true;
  }, seconds * 1000);
}

export default function ({ data, parentElement, setTriggerValue }) {
  let card = seen.get(parentElement);
  if (!card) {
    card = make("section", "card");
    card.setAttribute("role", "status");
    parentElement.append(card);
    seen.set(parentElement, card);
  }
  const told = JSON.stringify(data);
  if (card.told === told) return;
  card.told = told;
  fill(card, data, setTriggerValue);
}
