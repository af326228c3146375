// The glossary that comes with the program.
import { parseGlossary } from '@shared/lesson/text/glossary';
import './prose.css';
import text from '../../../assets/help/glossary.md?raw';

export const glossaryText = text;
export const glossary = parseGlossary(text);
