// The pages of help over the window: a list that can be searched, and the page, its formulas set and its terms explained.
import { useEffect, useMemo, useRef, useState, type MouseEvent } from 'react';
import { useStore } from 'zustand';
import 'katex/dist/katex.min.css';
import { lessonHtml } from '@shared/lesson/text/lesson-text';
import { attempt } from '../notices';
import { glossary } from './glossary';
import { closeHelp, help, openHelp } from './help';
import { foundPages, helpPages, loadHelp, type HelpPage } from './pages';
import './help.css';

export function HelpDialog() {
  const page = useStore(help, (state) => state.page);
  return page === null ? null : <OpenHelp name={page} />;
}

function OpenHelp({ name }: { readonly name: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const article = useRef<HTMLElement>(null);
  const { pages } = useStore(helpPages);
  const [search, setSearch] = useState('');
  useEffect(() => {
    dialog.current?.showModal();
    void attempt(loadHelp);
  }, []);
  useEffect(() => article.current?.scrollTo(0, 0), [name]);
  const page = pages.find((one) => one.name === name);
  const html = useMemo(() => (page ? lessonHtml(page.text, { picture: () => null, terms: glossary }) : ''), [page]);
  const listed = search.trim() === '' ? pages.filter(({ group }) => group !== 'Families') : foundPages(pages, search);
  return (
    <dialog
      ref={dialog}
      className="help-dialog"
      aria-label="Help"
      data-testid="help"
      onClose={closeHelp}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <nav aria-label="Pages of help">
        <input
          type="search"
          value={search}
          placeholder="Search the help"
          aria-label="Search the help"
          data-testid="help-search"
          onChange={({ target }) => setSearch(target.value)}
        />
        <PageList pages={listed} current={name} />
      </nav>
      <article ref={article} tabIndex={0} data-testid="help-page" data-page={name} onClick={followHelp}>
        <button type="button" className="button quiet help-close" onClick={() => dialog.current?.close()}>
          Close
        </button>
        {page ? (
          <div className="lesson-text" dangerouslySetInnerHTML={{ __html: html }} />
        ) : (
          <p>{pages.length > 0 ? `There is no page called ${name}.` : 'Reading the help'}</p>
        )}
      </article>
    </dialog>
  );
}

function PageList({ pages, current }: { readonly pages: readonly HelpPage[]; readonly current: string }) {
  if (pages.length === 0) return <p className="faint">No page has these words.</p>;
  return (
    <ul>
      {pages.map(({ name, title, group }, at) => (
        <li key={name}>
          {group !== pages[at - 1]?.group && <p className="faint">{group}</p>}
          <button
            type="button"
            aria-current={name === current ? 'page' : undefined}
            data-testid={`help-${name}`}
            onClick={() => openHelp(name)}
          >
            {title}
          </button>
        </li>
      ))}
    </ul>
  );
}

function followHelp({ target }: MouseEvent): void {
  const page = target instanceof HTMLElement ? target.closest<HTMLElement>('[data-help]')?.dataset.help : undefined;
  if (page !== undefined) openHelp(page);
}
