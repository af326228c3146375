// Typography of the report: a quiet page that prints well, light or dark by the reader's setting. Figures
// keep their white paper in both, so that their colours mean the same everywhere.

export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1c1c1e; --faint: #5c5c62; --paper: #ffffff; --rule: #dcdce0; --good: #1b6b36; --bad: #a3200d; --tint: #f5f5f7; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ececee; --faint: #a4a4ac; --paper: #17171a; --rule: #36363c; --good: #6fce8c; --bad: #ff8f7d; --tint: #1f1f23; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 'DejaVu Sans', system-ui, 'Segoe UI', Roboto, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; text-wrap: balance; }
h2 { font-size: 1.25rem; margin: 2.75rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--rule); }
p { margin: .5rem 0; max-width: 44rem; }
.summary { font-size: 1.08rem; color: var(--faint); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(16rem, 1fr)); gap: .5rem 1.5rem; margin: 0; }
dl div { min-width: 0; }
dt { color: var(--faint); font-size: .82rem; }
dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 1.25rem 0; }
figure svg { display: block; width: 100%; height: auto; background: #ffffff; border: 1px solid var(--rule); border-radius: 6px; }
figcaption { margin-top: .5rem; font-size: .88rem; color: var(--faint); max-width: 44rem; }
.scroll { overflow-x: auto; margin: 1rem 0; border: 1px solid var(--rule); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font-size: .8rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: .6rem .7rem; font-size: .88rem; color: var(--faint); }
th, td { padding: .28rem .7rem; text-align: left; white-space: nowrap; border-top: 1px solid var(--rule); }
th { font-weight: 600; background: var(--tint); }
tfoot td { font-weight: 600; background: var(--tint); }
.number { text-align: right; }
.faint { color: var(--faint); }
.gone { text-decoration: line-through; color: var(--faint); }
.good { color: var(--good); }
.bad { color: var(--bad); }
.verdict { font-size: 1.1rem; }
ul { margin: .25rem 0; padding-left: 1.2rem; color: var(--faint); font-size: .88rem; }
footer { margin-top: 3rem; color: var(--faint); font-size: .82rem; }
@media print { body { font-size: 11px; } section { break-inside: auto; } figure, tr { break-inside: avoid; } .scroll { overflow: visible; } }
`;
