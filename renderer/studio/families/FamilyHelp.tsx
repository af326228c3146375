// "What is this family?": its page of help over the window, formulas and all.
import { useEffect, useRef, useState } from 'react';
import 'katex/dist/katex.min.css';
import { htmlOfMarkdown } from '@shared/base/markdown';
import { attempt } from '../notices';
import { familyPage } from './help-pages';
import { ownPage } from './own';

/** A button that opens the page of a family. */
export function FamilyHelpButton({ family }: { readonly family: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="button quiet"
        aria-haspopup="dialog"
        data-testid={`family-help-${family}`}
        onClick={() => setOpen(true)}
      >
        {`What is ${family}?`}
      </button>
      {open && <FamilyHelp family={family} close={() => setOpen(false)} />}
    </>
  );
}

function FamilyHelp({ family, close }: { readonly family: string; readonly close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [html, setHtml] = useState<string | null>(null);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    void attempt(async () => {
      const text = (await familyPage(family)) ?? ownPage(family);
      setHtml(htmlOfMarkdown(text ?? `There is no page on ${family}: no recipe that is known here is of it.`));
    });
  }, [family]);
  return (
    <dialog
      ref={dialog}
      className="help-page"
      aria-label={`What is ${family}?`}
      data-testid="family-page"
      onClose={close}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <button type="button" className="button quiet help-close" onClick={() => dialog.current?.close()}>
        Close
      </button>
      {html === null ? <p className="faint">Fetching the page</p> : <article dangerouslySetInnerHTML={{ __html: html }} />}
    </dialog>
  );
}
