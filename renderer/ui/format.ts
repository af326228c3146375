// Numbers as people read them. Counts are exact with thin spaces; short forms say their unit.

import { percentText } from '@shared/base/number-text';

const THIN_SPACE = '\u2009';
const MINUS = '\u2212';

/** 1234567 -> `1 234 567`. */
export function exact(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, THIN_SPACE);
}

/** 1234567 -> `1.235 M`; four significant digits. */
export function short(value: number): string {
  const magnitude = Math.abs(value);
  const [factor, unit] = magnitude >= 1e9 ? [1e9, ' G'] : magnitude >= 1e6 ? [1e6, ' M'] : magnitude >= 1e4 ? [1e3, ' k'] : [1, ''];
  return `${Number((value / factor).toPrecision(4))}${unit}`;
}

/** A size in bytes, powers of 1024. */
export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const power = Math.min(3, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toPrecision(3)} ${['B', 'KiB', 'MiB', 'GiB'][power]}`;
}

/** A measured number with three significant digits; small and large ones in exponent form. */
export function measured(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  return magnitude < 1e-3 || magnitude >= 1e5 ? value.toExponential(2) : String(Number(value.toPrecision(3)));
}

/** A share as per cent with one decimal. */
export function percent(share: number): string {
  return percentText(share).replace('-', MINUS);
}

/** Seconds as `1 h 02 min`, `3 min 05 s` or `12 s`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return 'unknown';
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

/** A difference with its sign, a typographic minus; none for what is written as zero. */
export function signed(value: number, format: (value: number) => string): string {
  if (value === 0) return '0';
  const text = format(Math.abs(value));
  return text === format(0) ? text : `${value < 0 ? MINUS : '+'}${text}`;
}

/** Words that can stand in the middle of a sentence, as one of their own. */
export function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
