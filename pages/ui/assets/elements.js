// What the scripts here build their elements of. Text is written as text: it never becomes HTML.

export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

// HTML of a drawing of one line, 24 units wide and high
export function drawing(path) {
  return `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
}
