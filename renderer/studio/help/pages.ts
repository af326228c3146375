// The pages of help that come with the program, read when help is first asked for. A page is found by its file's name.
import { createStore } from '../state';
import { glossaryText } from './glossary';

export interface HelpPage {
  /** File name without its ending. */
  readonly name: string;
  /** Of its first heading. */
  readonly title: string;
  /** What it is one of, as the list of pages shows it. */
  readonly group: 'Ideas' | 'Reference' | 'Families';
  /** Markdown. */
  readonly text: string;
}

/** By the folder a page is in; those beside the folders are for reference. */
const GROUPS = { ideas: 'Ideas', help: 'Reference', reference: 'Reference', families: 'Families' } as const;
const files = import.meta.glob<string>(
  ['../../../assets/help/writing-lessons.md', '../../../assets/help/{ideas,reference,families}/*.md'],
  {
    query: '?raw',
    import: 'default',
  },
);

export const helpPages = createStore<{ readonly pages: readonly HelpPage[] }>(() => ({ pages: [] }));

let reading: Promise<void> | null = null;

/** Reads all pages, once. */
export function loadHelp(): Promise<void> {
  return (reading ??= readAll());
}

async function readAll(): Promise<void> {
  const pages = await Promise.all(
    Object.entries(files).map(async ([path, load]): Promise<HelpPage> => {
      const [folder, file] = path.split('/').slice(-2);
      const text = await load();
      return { name: file.replace(/\.md$/, ''), title: titleOf(text), group: GROUPS[folder as keyof typeof GROUPS], text };
    }),
  );
  pages.push({ name: 'glossary', title: titleOf(glossaryText), group: 'Reference', text: glossaryText });
  const order: readonly string[] = ['Ideas', 'Reference', 'Families'];
  pages.sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group) || (a.title < b.title ? -1 : 1));
  helpPages.setState({ pages });
}

function titleOf(text: string): string {
  return /^# (.+)$/m.exec(text)?.[1] ?? '';
}

/** Pages in whose title or text every word stands, those with the words in their title first. */
export function foundPages(pages: readonly HelpPage[], search: string): HelpPage[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text: string): boolean => words.every((word) => text.toLowerCase().includes(word));
  const found = pages.filter(({ title, text }) => has(`${title} ${text}`));
  return [...found.filter(({ title }) => has(title)), ...found.filter(({ title }) => !has(title))];
}
