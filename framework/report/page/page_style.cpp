#include "framework/report/page/page.h"

namespace regard::report {

std::string_view page_style() {
  return R"css(
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1c1d1f; --muted: #5d6167; --rule: #d9dbde; --soft: #f5f6f7; --link: #0b5394;
  --mark: #fde9b8; --heat: 0 78 152; --focus: #d55e00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171a; --ink: #e4e5e7; --muted: #a3a8af; --rule: #34383d; --soft: #1e2125; --link: #8ec2f2;
    --mark: #5a4512; --heat: 120 185 255; --focus: #f0a060;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif;
  font-kerning: normal; text-rendering: optimizeLegibility;
}
header, main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.5rem; }
h1 { font-size: 1.9rem; line-height: 1.2; letter-spacing: -0.01em; margin: 0 0 0.4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 3rem 0 0.8rem; padding-top: 0.9rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1.05rem; margin: 1.8rem 0 0.5rem; }
h3.small { font-size: 0.95rem; margin: 0 0 0.4rem; }
p { margin: 0.5rem 0; max-width: 46rem; }
a { color: var(--link); text-underline-offset: 0.15em; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.lead { color: var(--muted); max-width: 46rem; }
.badge {
  display: inline-block; border: 1px solid var(--rule); border-radius: 999px; padding: 0.05rem 0.6rem;
  font-size: 0.85rem; color: var(--ink); background: var(--soft);
}
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; padding: 0; margin: 1rem 0 0; font-size: 0.92rem; }
.unit, .note, figcaption, caption .unit { color: var(--muted); }
.note { font-size: 0.85rem; margin: 0.15rem 0; overflow-wrap: anywhere; }
.vh {
  position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--paper); padding: 0.3rem 0.6rem; }

.verdicts { list-style: none; padding: 0; margin: 0.4rem 0 1.4rem; }
.verdicts li { padding: 0.55rem 0 0.55rem 0.9rem; border-left: 3px solid var(--c, var(--rule)); margin: 0.5rem 0; max-width: 50rem; }
.verdicts .also { color: var(--muted); font-size: 0.92rem; }

.scroll { overflow-x: auto; margin: 0.8rem 0 0.4rem; position: relative; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.93rem; }
caption { text-align: left; font-weight: 600; padding: 0 0 0.35rem; }
thead th { border-bottom: 1px solid var(--ink); border-top: 1.5px solid var(--ink); vertical-align: bottom; font-weight: 600; }
tbody tr:last-child > * { border-bottom: 1.5px solid var(--ink); }
th, td { padding: 0.32rem 0.8rem; text-align: left; }
th:first-child, td:first-child { padding-left: 0.2rem; }
tbody th { font-weight: 500; max-width: 16rem; overflow-wrap: break-word; }
th.n, td.n { text-align: right; }
td.n { white-space: nowrap; }
tbody tr:hover { background: var(--soft); }
thead button { all: unset; cursor: pointer; font-weight: 600; }
thead button:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
thead button::after { content: "\2195"; color: var(--muted); padding-left: 0.25em; font-weight: 400; }
thead .n button::before { content: "\2195"; color: var(--muted); padding-right: 0.25em; font-weight: 400; }
thead .n button::after { content: none; }
th[aria-sort="ascending"]:not(.n) button::after, th.n[aria-sort="ascending"] button::before { content: "\2191"; color: inherit; }
th[aria-sort="descending"]:not(.n) button::after, th.n[aria-sort="descending"] button::before { content: "\2193"; color: inherit; }

.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1.4rem; margin: 1rem 0; }
figure { margin: 0; }
figure.wide { grid-column: 1 / -1; }
figure.wide img, figure.wide figcaption { max-width: 60rem; }
figure img { display: block; width: 100%; max-width: 40rem; height: auto; background: #fff; border: 1px solid var(--rule); border-radius: 4px; }
figcaption { font-size: 0.87rem; margin-top: 0.4rem; max-width: 40rem; }

.maps { display: flex; flex-wrap: wrap; gap: 1.2rem 1.6rem; align-items: start; }
.maps > * { min-width: 0; max-width: 100%; }
.scale { display: flex; align-items: center; color: var(--muted); font-size: 0.85rem; font-variant-numeric: tabular-nums; }
.scale i { width: 1.1rem; height: 0.8rem; background: rgb(var(--heat) / var(--w)); box-shadow: inset 0 0 0 1px rgb(127 127 127 / 0.16); }
.scale span:first-child { margin-right: 0.45rem; }
.scale span:last-child { margin-left: 0.45rem; }
.pair { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; margin: 0.7rem 0; }
.pair dt { color: var(--muted); font-size: 0.88rem; }
.pair dd { margin: 0; width: fit-content; overflow-wrap: anywhere; }
.maps .scroll { scrollbar-width: thin; }
.heat { font-size: 0.85rem; border-collapse: separate; border-spacing: 1px; }
.heat caption { font-size: 0.95rem; }
.heat th { border: 0 !important; font-weight: 400; padding: 0.1rem 0.4rem; }
.heat thead th { vertical-align: bottom; text-align: center; padding: 0.2rem 0; }
.heat thead th span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; display: inline-block; max-height: 9rem; overflow: hidden; }
.heat thead th span.upright { transform: none; text-orientation: upright; }
.heat tbody th { text-align: right; white-space: nowrap; max-width: 9rem; overflow: hidden; text-overflow: ellipsis; }
.heat td { border: 0 !important; width: 1.75rem; min-width: 1.25rem; height: 1.75rem; padding: 0; background: rgb(var(--heat) / var(--w)); box-shadow: inset 0 0 0 1px rgb(127 127 127 / 0.16); position: relative; }
.heat td.corner { background: none; box-shadow: none; }
.heat td:hover, .heat td:focus { box-shadow: inset 0 0 0 2px var(--focus); outline: 0; }
.dense .heat { font-size: 0.69rem; line-height: 1.15; border-spacing: 0; }
.dense .heat td { width: 0.97rem; min-width: 0.9rem; height: 0.97rem; }
.dense .heat tbody th { max-width: 6rem; }
.readout { min-height: 1.5em; font-size: 0.88rem; color: var(--muted); font-variant-numeric: tabular-nums; }
.plain { flex-basis: 100%; border: 1px dashed var(--rule); border-radius: 4px; padding: 0.5rem 1rem; font-size: 0.92rem; }
.plain p { margin: 0.3rem 0; width: fit-content; }

.sample { margin: 0 0 1.3rem; padding-left: 0.9rem; border-left: 3px solid var(--rule); }
.sample dl { margin: 0; display: grid; grid-template-columns: minmax(5rem, max-content) max-content 1fr; gap: 0.1rem 0; align-items: baseline; }
.sample dt { grid-column: 1; color: var(--muted); font-size: 0.88rem; overflow-wrap: anywhere; max-width: 10rem; padding-right: 1rem; }
.sample dd { grid-column: 3; margin: 0; overflow-wrap: anywhere; }
.sample dd.score { grid-column: 2; text-align: right; padding-right: 1rem; min-width: 3.6rem; }
.sample .reference { padding-bottom: 0.3rem; }
.note + .sample, .note + #explorer-list { margin-top: 0.9rem; }
mark { background: var(--mark); color: inherit; border-radius: 2px; text-decoration: underline dotted; text-underline-offset: 0.2em; padding: 0 0.1em; }

details { margin: 0.7rem 0; }
summary { cursor: pointer; }
pre { background: var(--soft); border: 1px solid var(--rule); border-radius: 4px; padding: 0.8rem 1rem; overflow-x: auto; font-size: 0.85rem; line-height: 1.45; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; }
.failed { border-left: 3px solid #d55e00; padding-left: 0.9rem; }
footer { color: var(--muted); font-size: 0.85rem; padding-top: 2rem; padding-bottom: 3rem; }

.controls { display: flex; flex-wrap: wrap; gap: 0.6rem 1.2rem; align-items: end; margin: 0.8rem 0; font-size: 0.9rem; }
.controls label { display: grid; gap: 0.15rem; color: var(--muted); }
.controls .pair { display: flex; gap: 0.6rem; margin: 0; }
.controls input, .controls select, .controls button {
  font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--muted); border-radius: 4px; padding: 0.25rem 0.5rem; max-width: 100%;
}
.controls input[type="number"] { width: 5.5rem; }
.controls button { cursor: pointer; }
.controls button:disabled { opacity: 0.45; cursor: default; }
.score { color: var(--muted); font-size: 0.85rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
[hidden] { display: none !important; }

@media (prefers-color-scheme: dark) {
  figure img { filter: invert(0.915) hue-rotate(180deg); border-color: #d3cfca; }
  .verdicts li { border-left-color: color-mix(in srgb, var(--c, var(--rule)) 65%, white); }
}
@media (max-width: 40rem) {
  .heat { font-size: 0.72rem; border-spacing: 0; }
  .heat td { width: 1.15rem; min-width: 0.9rem; height: 1.15rem; }
  .heat tbody th { max-width: 5rem; padding: 0 0.25rem 0 0; }
  header { padding-top: 1.4rem; }
  header, main, footer { padding-left: 0.9rem; padding-right: 0.9rem; }
  h1 { font-size: 1.5rem; }
  h2 { margin-top: 2.2rem; }
  th, td { padding: 0.3rem 0.5rem; }
  .sample dl { grid-template-columns: 1fr max-content; gap: 0; }
  .sample dt { max-width: none; }
  .sample dd { grid-column: 1 / -1; margin-bottom: 0.35rem; }
  .sample dd.score { padding: 0; margin: 0; }
  .sample .reference { padding-bottom: 0; }
  tbody th { min-width: 7rem; }
  .heat tbody th { min-width: 0; }
}
@media print {
  :root { --paper: #fff; --ink: #000; --muted: #444; --rule: #bbb; --soft: #fff; --link: #000; --mark: #eee; --heat: 0 78 152; }
  body { font-size: 10pt; }
  header, main, footer { max-width: none; padding: 0; }
  nav, .controls, .skip, .readout { display: none; }
  h2, h3 { break-after: avoid; }
  figure, .sample, tr, .maps > * { break-inside: avoid; }
  .scroll { overflow: visible; break-inside: avoid; }
  caption { break-after: avoid; }
  .maps { gap: 0.8rem 1.4rem; }
  figure img { filter: none; border-color: var(--rule); }
  .verdicts li { border-left-color: var(--c, var(--rule)); }
  .heat { font-size: 7pt; }
  .heat td { width: 3.2mm; min-width: 0; height: 3.2mm; }
  .heat tbody th { max-width: 18mm; padding: 0 1mm 0 0; }
  .dense .heat { font-size: 5.8pt; }
  .dense .heat td { width: 2.5mm; min-width: 0; height: 2.5mm; }
  .dense .heat tbody th { max-width: 15mm; }
  table { font-size: 8.5pt; }
  th, td { padding: 0.15rem 0.4rem; }
  .figures { grid-template-columns: 1fr 1fr; }
  section:has(> #explorer-list) .sample:nth-child(n + 11) { display: none; }
  .heat td { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  thead button::after, thead .n button::before { content: none; }
}
)css";
}

}  // namespace regard::report
