// What changed from one text to another, word by word. Takes two texts; gives [kind, words] with the
// kinds same, out and in. Read in order without "in" they are the first text, without "out" the second.

const MOST = 1_500_000; // cells of the table of common words: some ten milliseconds

const pieces = (text) => text.match(/\s+|[\p{L}\p{N}\p{M}_]+|[^\s\p{L}\p{N}\p{M}_]/gu) || [];

export function difference(before, after) {
  const a = pieces(before), b = pieces(after);
  let head = 0, tail = 0;
  const least = Math.min(a.length, b.length);
  while (head < least && a[head] === b[head]) head++;
  while (tail < least - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const middle = between(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return joined([
    ...a.slice(0, head).map((word) => ["same", word]),
    ...middle,
    ...a.slice(a.length - tail).map((word) => ["same", word]),
  ]);
}

function between(a, b) {
  if (!a.length || !b.length || a.length * b.length > MOST)
    return [...a.map((word) => ["out", word]), ...b.map((word) => ["in", word])];
  const wide = b.length + 1;
  const common = new Uint16Array((a.length + 1) * wide); // longest common run of words from i, j on
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * wide + j] =
        a[i] === b[j]
          ? common[(i + 1) * wide + j + 1] + 1
          : Math.max(common[(i + 1) * wide + j], common[i * wide + j + 1]);
  const found = [];
  let i = 0, j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) found.push(["same", a[i++]]), j++;
    else if (common[(i + 1) * wide + j] >= common[i * wide + j + 1]) found.push(["out", a[i++]]);
    else found.push(["in", b[j++]]);
  }
  while (i < a.length) found.push(["out", a[i++]]);
  while (j < b.length) found.push(["in", b[j++]]);
  return found;
}

// Words of one kind in one piece; a blank between two changed words belongs to the change.
function joined(parts) {
  const runs = [];
  let out = "", into = "";
  const flush = () => {
    if (out) runs.push(["out", out]);
    if (into) runs.push(["in", into]);
    out = into = "";
  };
  parts.forEach(([kind, word], at) => {
    const inside = kind === "same" && !word.trim() && (out || into) && parts[at + 1]?.[0] !== "same";
    if (inside && at + 1 < parts.length) (out += word), (into += word);
    else if (kind === "out") out += word;
    else if (kind === "in") into += word;
    else {
      flush();
      if (runs.length && runs[runs.length - 1][0] === "same") runs[runs.length - 1][1] += word;
      else runs.push(["same", word]);
    }
  });
  flush();
  return runs;
}
