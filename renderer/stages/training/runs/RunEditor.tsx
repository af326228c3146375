// The name, tags and note of one run, whether the others are held against it, and its deletion.
import { useState } from 'react';
import { useStore } from 'zustand';
import type { ListedRun } from '@shared/link/studio';
import { refusalOf } from '@shared/base/message-of';
import { runFolderName } from '@shared/run/run-name';
import { tagsOf } from '@shared/run/remarks';
import { attempt } from '../../../studio/notices';
import { runs } from '../../../studio/runs/runs';
import { Field } from '../../../ui/controls';
import { Panel } from '../../../studio/Stage';
import { Rerun } from './Rerun';
import { deleteRun, describeRun, editedRun, pinRun, renameRun } from './keeping';

/** The button that opens the editor of a run. */
export function EditRun({ run }: { readonly run: string }) {
  const open = useStore(editedRun, (state) => state.run === run);
  return (
    <button
      type="button"
      className="button quiet"
      aria-expanded={open}
      data-testid={`edit-run-${run}`}
      onClick={() => editedRun.setState({ run: open ? null : run })}
    >
      Edit
    </button>
  );
}

export function RunEditor() {
  const name = useStore(editedRun, (state) => state.run);
  const run = useStore(runs, ({ list }) => list.find((one) => one.name === name));
  if (!run) return null;
  return (
    <Panel title={`Run ${run.name}`} testId="run-editor">
      <div className="stack">
        {run.remarksProblem !== null && <p className="says-error">{run.remarksProblem}</p>}
        <RunFields key={run.name} run={run} />
        <RunDeeds run={run} />
        <Rerun key={`again ${run.name}`} run={run} />
      </div>
    </Panel>
  );
}

function RunFields({ run }: { readonly run: ListedRun }) {
  const [name, setName] = useState(run.name);
  const [tags, setTags] = useState(run.tags.join(' '));
  const [note, setNote] = useState(run.note);
  const wrongName = name === run.name ? '' : (refusalOf(() => runFolderName(name)) ?? '');
  const wrongTags = refusalOf(() => tagsOf(tags)) ?? '';
  const save = async () => {
    await describeRun(run.name, tags, note);
    await renameRun(run.name, name);
  };
  const changed = name !== run.name || tags !== run.tags.join(' ') || note !== run.note;
  return (
    <>
      <div className="settings-grid">
        <TextField id="name" label="Name" hint="and that of its folder" text={name} problem={wrongName} onChange={setName} />
        <TextField
          id="tags"
          label="Tags"
          hint="words, parted by spaces; the filter finds them"
          text={tags}
          problem={wrongTags}
          onChange={setTags}
        />
        <div className="wide">
          <Field label="Note">
            <textarea rows={2} value={note} data-testid="edit-run-note" onChange={({ target }) => setNote(target.value)} />
          </Field>
        </div>
      </div>
      <SaveRow canSave={changed && wrongName === '' && wrongTags === ''} onSave={() => void attempt(save)} />
    </>
  );
}

function SaveRow({ canSave, onSave }: { readonly canSave: boolean; readonly onSave: () => void }) {
  return (
    <div className="row">
      <button type="button" className="button primary" disabled={!canSave} data-testid="edit-run-save" onClick={onSave}>
        Save
      </button>
      <button type="button" className="button quiet" onClick={() => editedRun.setState({ run: null })}>
        Close
      </button>
    </div>
  );
}

interface TextFieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint: string;
  readonly text: string;
  /** Why it cannot be taken; empty where it can. */
  readonly problem: string;
  readonly onChange: (text: string) => void;
}

function TextField({ id, label, hint, text, problem, onChange }: TextFieldProps) {
  return (
    <Field label={label} hint={problem || hint}>
      <input
        type="text"
        value={text}
        aria-invalid={problem !== ''}
        data-testid={`edit-run-${id}`}
        onChange={({ target }) => onChange(target.value)}
      />
    </Field>
  );
}

function RunDeeds({ run: { name, baseline } }: { readonly run: ListedRun }) {
  const training = useStore(runs, ({ active }) => active.includes(name));
  return (
    <div className="row">
      <button type="button" className="button" data-testid="pin-run" onClick={() => void attempt(() => pinRun(baseline ? null : name))}>
        {baseline ? 'No longer the baseline' : 'Pin as the baseline'}
      </button>
      <button
        type="button"
        className="button"
        disabled={training}
        title={training ? 'It is being trained; stop it first.' : undefined}
        data-testid="delete-run"
        onClick={() => void attempt(() => deleteRun(name))}
      >
        Move to the trash
      </button>
      {training && <span className="faint">It is being trained; stop it before it is deleted.</span>}
    </div>
  );
}
