// The languages side by side. Takes {label, chosen, languages}, reports the code of a choice, and
// tells the document which language it is in, so that a screen reader pronounces it right.

const seen = new WeakMap();

export default function ({ data, parentElement, setTriggerValue }) {
  let group = seen.get(parentElement);
  if (!group) {
    group = document.createElement("div");
    group.setAttribute("role", "group");
    parentElement.append(group);
    seen.set(parentElement, group);
  }
  document.documentElement.lang = data.chosen;
  group.setAttribute("aria-label", data.label);
  const buttons = data.languages.map(({ code, name }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.lang = code;
    button.textContent = name;
    button.setAttribute("aria-pressed", String(code === data.chosen));
    button.onclick = () => setTriggerValue("choose", code);
    return button;
  });
  const focused = group.getRootNode().activeElement?.lang;
  group.replaceChildren(...buttons);
  if (focused) buttons.find((button) => button.lang === focused)?.focus();
}
