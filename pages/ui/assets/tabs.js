// The parts of a page to choose from, as links. Takes {label, here, tabs: [{key, title, path}]}; reports choose.

const seen = new WeakMap();

function link(tab, here, choose) {
  const element = document.createElement("a");
  element.href = tab.path;
  element.textContent = tab.title;
  if (tab.key === here) element.setAttribute("aria-current", "page");
  element.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault(); // the same page, without loading everything again
    choose(tab.key);
  };
  return element;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let nav = seen.get(parentElement);
  if (!nav) {
    nav = document.createElement("nav");
    parentElement.append(nav);
    seen.set(parentElement, nav);
  }
  const told = JSON.stringify(data);
  if (nav.told === told) return;
  nav.told = told;
  const focused = [...nav.children].indexOf(nav.getRootNode().activeElement);
  nav.setAttribute("aria-label", data.label);
  nav.replaceChildren(...data.tabs.map((tab) => link(tab, data.here, (key) => setTriggerValue("choose", key))));
  if (focused >= 0) nav.children[focused]?.focus();
}
