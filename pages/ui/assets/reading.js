// A text to read, scrolled to its first marked words. Takes {html, label, tall}.

const shown = new WeakMap();

export default function ({ data, parentElement }) {
  let box = shown.get(parentElement);
  if (!box) {
    box = document.createElement("section");
    box.tabIndex = 0;
    parentElement.append(box);
    shown.set(parentElement, box);
  }
  box.className = data.tall ? "reading tall" : "reading";
  box.setAttribute("aria-label", data.label);
  if (box.shown === data.html) return;
  box.shown = data.html;
  box.innerHTML = data.html;
  const mark = box.querySelector("mark");
  if (!mark) return;
  const place = () => mark.scrollIntoView({ block: "center" });
  const watch = new ResizeObserver(place); // the fonts may still change every line
  watch.observe(box);
  setTimeout(() => watch.disconnect(), 600);
}
