// Text is as wide as the fonts say, whatever its script.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fontkit from '@pdf-lib/fontkit';
import { describe, expect, it } from 'vitest';
import { faceWidth, longestWord, textWidth, wrapText } from './font-metrics';

const fontOf = (file: string) => fontkit.create(readFileSync(createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`)));

describe.each([
  ['DejaVuSans.ttf', 'regular'],
  ['DejaVuSans-Bold.ttf', 'bold'],
  ['DejaVuSerif.ttf', 'serif'],
  ['DejaVuSerif-Bold.ttf', 'serif-bold'],
] as const)('%s', (file, face) => {
  it('gives every character the width it has in the font', () => {
    const font = fontOf(file);
    expect(font.characterSet.length).toBeGreaterThan(3000);
    const wrong = font.characterSet.filter(
      (code) => faceWidth(String.fromCodePoint(code), font.unitsPerEm, face) !== font.glyphForCodePoint(code).advanceWidth,
    );
    expect(wrong).toEqual([]);
  });

  it.each(['± 0.25 µm, γ ≤ β', 'Größe – “naïve”', 'Точность', 'ακρίβεια', '−3.1e−7 → ∞'])('sets %s as wide as the font does', (text) => {
    const font = fontOf(file);
    const units = [...text].reduce((sum, character) => sum + font.glyphForCodePoint(character.codePointAt(0) ?? 0).advanceWidth, 0);
    expect(faceWidth(text, 10, face)).toBeCloseTo((units * 10) / font.unitsPerEm, 9);
  });
});

it('characters that no face of ours has are taken as wide as they come', () => {
  expect(textWidth('模型', 10)).toBe(20);
});

it('is laid out by the wider of both families, so that either has room', () => {
  for (const bold of [false, true]) {
    const faces = bold ? (['bold', 'serif-bold'] as const) : (['regular', 'serif'] as const);
    for (const text of ['largest |w| = 0.25', 'illiterate', 'WWW MMM'])
      expect(textWidth(text, 7, bold)).toBe(Math.max(...faces.map((face) => faceWidth(text, 7, face))));
  }
});

describe('lines of text', () => {
  const name = 'опыт_с_очень_длинным_именем.safetensors';

  it.each([60, 80, 160])('are no wider than %d where no word is', (width) => {
    const lines = wrapText(`Веса: ${name} и ещё слова`, 8, width);
    for (const line of lines) expect(textWidth(line, 8)).toBeLessThanOrEqual(width);
    expect(lines.join('').replaceAll(' ', '')).toBe(`Веса:${name}иещёслова`);
  });

  it('break between words and behind the punctuation of a name, never within a word', () => {
    const text = 'translation-invariant displacement epoch-0003.safetensors a/b_c 0.25';
    const pieces = wrapText(text, 8, 1);
    expect(pieces).toEqual(['translation-', 'invariant', 'displacement', 'epoch-0003.', 'safetensors', 'a/', 'b_', 'c', '0.25']);
    expect(longestWord(text, 8)).toBe(Math.max(...pieces.map((piece) => textWidth(piece, 8))));
  });
});
