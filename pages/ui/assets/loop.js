// The nine stages of the loop. Takes {stages, label, plan, centre}; reports the stage to open.
// One list for everyone: style sheets put it on a ring where there is room, in a column where not.

const seen = new WeakMap();
const RING =
  '<svg class="ring" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">' +
  '<ellipse cx="50" cy="50" rx="41" ry="41" vector-effect="non-scaling-stroke"/></svg>';

function escaped(text) {
  const holder = document.createElement("i");
  holder.textContent = text;
  return holder.innerHTML;
}

function count({ n, label, since }) {
  const title = since ? ` title="${escaped(since)}"` : "";
  return `<span class="count"${title}><b>${escaped(n)}</b> ${escaped(label)}</span>`;
}

function arrow(i, all) {
  const turn = ((i + 0.5) / all) * 2 * Math.PI - Math.PI / 2;
  const [x, y] = [Math.cos(turn), Math.sin(turn)];
  const lean = Math.atan2(0.56 * x, -y); // the ring is about 0.56 as high as it is wide
  const place = `--x:${x.toFixed(4)};--y:${y.toFixed(4)};--lean:${lean.toFixed(3)}rad`;
  return `<span class="arrow" style="${place}" aria-hidden="true"></span>`;
}

function body(stage, plan) {
  const counts = stage.counts.map(count).join("");
  return (
    `<span class="title">${escaped(stage.title)}</span>` +
    (stage.exists ? "" : `<span class="plan">${escaped(plan)}</span>`) +
    `<span class="job">${escaped(stage.job)}</span>` +
    (counts ? `<span class="counts">${counts}</span>` : "")
  );
}

function item(stage, i, all, plan) {
  const turn = (i / all.length) * 2 * Math.PI - Math.PI / 2;
  const place = `--x:${Math.cos(turn).toFixed(4)};--y:${Math.sin(turn).toFixed(4)}`;
  const inner = body(stage, plan);
  const card = stage.path
    ? `<a class="card" href="${stage.path}" data-open="${stage.name}">${inner}</a>`
    : `<div class="card">${inner}</div>`;
  return `<li class="${stage.exists ? "here" : "later"}" style="${place}">${card}</li>`;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let box = seen.get(parentElement);
  if (!box) {
    box = document.createElement("div");
    box.className = "loop";
    parentElement.append(box);
    seen.set(parentElement, box);
  }
  const items = data.stages.map((stage, i, all) => item(stage, i, all, data.plan)).join("");
  const arrows = data.stages.map((_stage, i, all) => arrow(i, all.length)).join("");
  const html =
    `${RING}${arrows}<p class="centre">${escaped(data.centre)}</p>` +
    `<ol aria-label="${escaped(data.label)}">${items}</ol>`;
  if (box.shown !== html) {
    box.innerHTML = html;
    box.shown = html;
  }
  box.onclick = (event) => {
    const link = event.target.closest("[data-open]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault(); // the same page, without loading everything again
    setTriggerValue("open", link.dataset.open);
  };
}
