// The handout's style sheet: read on a screen and printed on paper, in the fonts of whoever reads it.

export const HANDOUT_STYLE = `
body { margin: 0; background: #fff; color: #1a2023; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1.2rem 4rem; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 0.4rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 0.5rem; }
.summary, .source { color: #4d585d; }
figure { margin: 1rem 0; }
figure svg, figure img { max-width: 100%; height: auto; }
figcaption { color: #4d585d; font-size: 0.9rem; }
.scene { display: flex; flex-wrap: wrap; align-items: center; gap: 1rem; }
.scene svg { max-width: 13rem; max-height: 13rem; width: auto; }
.ask { border-left: 4px solid #1c6391; padding: 0.2rem 0 0.2rem 0.9rem; margin: 1rem 0; break-inside: avoid; }
.do { border-left: 4px solid #9c4a0c; padding-left: 0.9rem; }
.choices { list-style: none; padding: 0; }
.choices li { border: 1px solid #b4bbb7; border-radius: 6px; padding: 0.3rem 0.7rem; margin: 0.4rem 0; }
.choices li > p { margin: 0; }
.line { border-bottom: 1px solid #777; height: 1.6rem; max-width: 14rem; }
.bar span { display: inline-block; width: 55%; height: 0.8rem; margin: 0 0.6rem; border: 1px solid #777; border-radius: 4px; vertical-align: middle; }
.address { color: #4d585d; font-size: 0.85em; overflow-wrap: anywhere; }
.samples { display: grid; grid-template-columns: repeat(auto-fill, minmax(5rem, 1fr)); gap: 0.5rem; padding: 0; list-style: none; font-size: 0.75rem; }
.samples img { display: block; width: 100%; image-rendering: pixelated; }
.tensors { columns: 16rem; padding: 0; list-style: none; font: 0.7rem/1.35 ui-monospace, monospace; overflow-wrap: anywhere; }
.scroll table { margin: 1rem 0; font-size: 0.75rem; } caption { text-align: left; color: #4d585d; } .scroll { overflow-x: auto; }
td.number, th.number { text-align: right; white-space: nowrap; } tfoot td { font-weight: 600; }
table { border-collapse: collapse; } th, td { border: 1px solid #b4bbb7; padding: 0.25rem 0.6rem; text-align: left; }
.glossed-says { display: none; }
section { break-inside: auto; }
@media print { main { max-width: none; padding: 0; } }
`;
