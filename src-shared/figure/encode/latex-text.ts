// Text of a figure as LaTeX sets it: what TeX reads as commands is escaped, and characters that its faces lack are written in
// mathematics. What is in no list here goes as it is: LaTeX stops at a character that it does not know, and names it.

const ESCAPED: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  // The straight one is in some encodings of type alone.
  '"': '\\textquotedblright{}',
  '`': '\\textquoteleft{}',
  // TeX makes one dash of two.
  '-': '-{}',
};

const MATHEMATICS: Readonly<Record<string, string>> = {
  '−': '-',
  '×': '\\times',
  '÷': '\\div',
  '±': '\\pm',
  '·': '\\cdot',
  '≤': '\\leq',
  '≥': '\\geq',
  '≈': '\\approx',
  '≠': '\\neq',
  '→': '\\to',
  '←': '\\leftarrow',
  '∞': '\\infty',
  '√': '\\surd',
  '²': '^{2}',
  '³': '^{3}',
  '∑': '\\sum',
  '∈': '\\in',
  '′': "'",
};

const GREEK =
  'αalpha βbeta γgamma δdelta εvarepsilon ζzeta ηeta θtheta ιiota κkappa λlambda μmu νnu ξxi πpi ρrho σsigma τtau υupsilon φvarphi χchi ψpsi ωomega ' +
  'ΓGamma ΔDelta ΘTheta ΛLambda ΞXi ΠPi ΣSigma ΦPhi ΨPsi ΩOmega';
const GREEK_NAMES = new Map(GREEK.split(' ').map((entry) => [entry[0], `\\${entry.slice(1)}`]));

const TYPOGRAPHY: Readonly<Record<string, string>> = {
  '–': '\\textendash{}',
  '—': '\\textemdash{}',
  '“': '\\textquotedblleft{}',
  '”': '\\textquotedblright{}',
  '‘': '\\textquoteleft{}',
  '’': '\\textquoteright{}',
  '…': '\\textellipsis{}',
  '\u00a0': '~',
};

/** The text as LaTeX. */
export function latexText(text: string): string {
  return [...text]
    .map(latexCharacter)
    .join('')
    .replaceAll(/-\{\}(?!-)/g, '-');
}

function latexCharacter(character: string): string {
  const escaped = ESCAPED[character] ?? TYPOGRAPHY[character];
  if (escaped !== undefined) return escaped;
  const mathematics = MATHEMATICS[character] ?? GREEK_NAMES.get(character);
  return mathematics === undefined ? character : `$${mathematics}$`;
}
