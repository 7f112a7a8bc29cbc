// Conversations to choose from. Takes {label, talks}, reports the id of the one to open.

const seen = new WeakMap();

function row(talk, open) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = talk.path;
  link.title = `${talk.title}\n${talk.when}`;
  link.textContent = talk.title;
  if (talk.here) link.setAttribute("aria-current", "true");
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault(); // the same page, without loading everything again
    open(talk.id);
  };
  item.append(link);
  return item;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let list = seen.get(parentElement);
  if (!list) {
    list = document.createElement("ul");
    parentElement.append(list);
    seen.set(parentElement, list);
  }
  list.setAttribute("aria-label", data.label);
  list.hidden = data.talks.length === 0;
  list.replaceChildren(...data.talks.map((talk) => row(talk, (id) => setTriggerValue("open", id))));
}
