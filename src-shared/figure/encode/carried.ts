// What a figure's file carries, whichever of the formats it is: told by its first bytes.
import { UserError } from '../../base/user-error';
import { gifComment } from '../film/gif';
import { carriedByPdf } from './pdf';
import { carriedByPgf, isPgf } from './pgf';
import { carriedByPng } from './png';
import { carriedBySvg } from './svg';

/** The text inside; null where there is none. Throws UserError for a file of none of the formats. */
export async function carriedBy(bytes: Uint8Array, where: string): Promise<string | null> {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, 1024));
  if (start.startsWith('%PDF-')) {
    try {
      return await carriedByPdf(bytes);
    } catch (error) {
      throw new UserError(`${where} begins as a PDF and cannot be read as one: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (start.startsWith('\x89PNG')) return carriedByPng(bytes);
  if (start.startsWith('GIF89a')) return gifComment(bytes);
  if (isPgf(start)) return carriedByPgf(new TextDecoder().decode(bytes));
  if (/<svg[\s>]/.test(start)) return carriedBySvg(new TextDecoder().decode(bytes));
  throw new UserError(`${where} is no figure: expected SVG, PDF, PNG, GIF or this program's PGF`);
}
