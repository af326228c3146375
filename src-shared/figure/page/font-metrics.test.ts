// Text is as wide as the fonts say, whatever its script.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fontkit from '@pdf-lib/fontkit';
import { describe, expect, it } from 'vitest';
import { fitText, textWidth, wrapText } from './font-metrics';

const face = (file: string) => fontkit.create(readFileSync(createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${file}`)));

describe.each([
  ['DejaVuSans.ttf', false],
  ['DejaVuSans-Bold.ttf', true],
] as const)('%s', (file, bold) => {
  it('gives every character the width it has in the font', () => {
    const font = face(file);
    expect(font.characterSet.length).toBeGreaterThan(5000);
    const wrong = font.characterSet.filter(
      (code) => textWidth(String.fromCodePoint(code), font.unitsPerEm, bold) !== font.glyphForCodePoint(code).advanceWidth,
    );
    expect(wrong).toEqual([]);
  });

  it.each(['± 0.25 µm, γ ≤ β', 'Größe – “naïve”', 'Точность', 'ακρίβεια', '−3.1e−7 → ∞'])('sets %s as wide as the font does', (text) => {
    const font = face(file);
    const units = [...text].reduce((sum, character) => sum + font.glyphForCodePoint(character.codePointAt(0) ?? 0).advanceWidth, 0);
    expect(textWidth(text, 10, bold)).toBeCloseTo((units * 10) / font.unitsPerEm, 9);
  });
});

it('characters that no face of ours has are taken as wide as they come', () => {
  expect(textWidth('模型', 10)).toBe(20);
});

it('fits and wraps by those widths', () => {
  const name = 'опыт_с_очень_длинным_именем.safetensors';
  for (const width of [40, 80, 160]) {
    expect(textWidth(fitText(name, 8, width), 8)).toBeLessThanOrEqual(width);
    for (const line of wrapText(`Веса: ${name} и ещё слова`, 8, width)) expect(textWidth(line, 8)).toBeLessThanOrEqual(width);
  }
});
