// A text to read, scrolled to its first marked words. Takes {html, label, tall, heading}:
// a heading that is heard, not seen, where the page has none above the text.

const shown = new WeakMap();

export default function ({ data, parentElement }) {
  let box = shown.get(parentElement);
  if (!box && data.heading) {
    const heading = document.createElement("h2");
    heading.className = "unseen";
    heading.textContent = data.heading;
    parentElement.append(heading);
  }
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
