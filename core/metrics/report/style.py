"""The frame of the report: its HTML and its style sheet, both of our own words alone."""

PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
{head}
</header>
<main>
{body}
</main>
<footer>
{foot}
</footer>
</body>
</html>
"""
STYLE = """
:root { color-scheme: light dark; --ink: #0B110F; --quiet: #5B6662; --ground: #fff; --rim: #DDE3E1;
  --accent: #0B6B5F; --band: rgba(11,107,95,.14); --good: #17803D; --bad: #C5221F; --note: #B45309; --faint: #9AA6A2; }
@media (prefers-color-scheme: dark) { :root { --ink: #EDF1EF; --quiet: #9AA6A2; --ground: #101413; --rim: #2C3532;
  --accent: #5EDDC6; --band: rgba(94,221,198,.17); --good: #4CC38A; --bad: #FF8A80; --note: #F0A04B; --faint: #5B6662; } }
* { box-sizing: border-box; }
body { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; color: var(--ink); background: var(--ground);
  font: 15px/1.5 Inter, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; }
h1 { margin: 0 0 .25rem; font-size: 1.6rem; font-weight: 600; }
h2 { margin: 2.25rem 0 .5rem; font-size: 1.15rem; font-weight: 600; }
h3 { margin: 1rem 0 .25rem; font-size: .95rem; font-weight: 600; }
p { margin: .25rem 0; overflow-wrap: anywhere; }
.quiet, summary { color: var(--quiet); font-size: .87rem; }
.good { color: var(--good); font-size: .87rem; }
.bad { color: var(--bad); font-size: .87rem; }
.sample { display: inline-block; padding: .1rem .5rem; border: 1px solid var(--rim); border-radius: 6px; font-size: .87rem; }
.strip { display: grid; grid-template-columns: repeat(auto-fit, minmax(11.5rem, 1fr)); gap: .75rem; margin: 1.25rem 0 0; padding: 0; list-style: none; }
.strip li { display: flex; flex-direction: column; padding: .8rem .95rem; border: 1px solid var(--rim); border-radius: 8px; }
.strip .title { font-size: .87rem; color: var(--quiet); }
.strip strong { font-size: 1.6rem; font-weight: 600; line-height: 1.3; }
svg { display: block; width: 100%; max-width: 46rem; height: auto; font-size: 11px; }
svg text { fill: var(--quiet); }
svg .end { text-anchor: end; } svg .middle { text-anchor: middle; }
svg .name { text-anchor: end; fill: var(--ink); font-size: 12px; }
.grid { stroke: var(--rim); } .target { stroke: var(--note); stroke-dasharray: 5 4; }
polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
polyline.first { stroke: var(--accent); } polyline.second { stroke: var(--faint); }
circle.first, circle.dot, .bar { fill: var(--accent); } circle.second, circle.thin { fill: var(--faint); }
.band { fill: var(--band); } .range { stroke: var(--quiet); }
.wide { overflow-x: auto; }
table { width: 100%; min-width: 34rem; border-collapse: collapse; font-size: .87rem; }
th, td { padding: .4rem 1.2rem .4rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rim); overflow-wrap: anywhere; }
th { font-weight: 500; color: var(--quiet); white-space: nowrap; }
.end { text-align: right; white-space: nowrap; }
details { margin: .25rem 0; } summary { cursor: pointer; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--rim); padding-top: .75rem; }
@media print { body { padding: 0; max-width: none; } section { break-inside: avoid; } details { display: none; }
  :root { --ink: #000; --quiet: #444; --ground: #fff; --rim: #ccc; --accent: #0B6B5F; --band: rgba(11,107,95,.14); --good: #17803D; --bad: #C5221F; --note: #B45309; --faint: #888; } }
"""
