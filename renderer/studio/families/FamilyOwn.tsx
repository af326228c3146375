// What a user may bring for a file of an unknown network: an adapter that lies in a file of its own, and a recipe of a family that
// the program does not know.
import { PathEntry } from '../../ui/PathEntry';
import { useStore } from 'zustand';
import type { NamedText, OpenedCheckpoint } from '@shared/link/studio';
import { pickFile } from '../files';
import { weights } from '../network/weights';
import { attempt } from '../notices';
import { checkedRecipe, dropRecipe, isAdapter, joinAdapter, nameOf, takeRecipe } from './own';

export function FamilyOwn({ file }: { readonly file: OpenedCheckpoint }) {
  const others = useStore(weights, ({ opened }) => opened).filter(({ id }) => id !== file.id);
  if (isAdapter(file)) return <OfNetwork adapter={file} others={others.filter((one) => one.recognised === null && !isAdapter(one))} />;
  const used = file.adapter !== undefined || (file.families.said.own ?? []).length > 0;
  const offered = others.some(isAdapter);
  return (
    <details className="family-own" data-testid="family-own" open={used || offered || undefined}>
      <summary>An adapter in a file of its own, or a recipe of your own</summary>
      <div className="stack">
        {file.adapter ? <Joined file={file} /> : <JoinAdapter file={file} others={others} />}
        <OwnRecipes file={file} />
      </div>
    </details>
  );
}

interface OfNetworkProps {
  readonly adapter: OpenedCheckpoint;
  readonly others: readonly OpenedCheckpoint[];
}

/** An adapter alone is nothing to merge: its network's file is wanted. */
function OfNetwork({ adapter, others }: OfNetworkProps) {
  return (
    <div className="row" data-testid="adapter-alone">
      <span>
        {others.length === 0
          ? 'This file holds an adapter alone: open the file of its network, too, and join them.'
          : 'This file holds an adapter alone. Join it to its network:'}
      </span>
      {others.map(({ id, fileName }) => (
        <button
          key={id}
          type="button"
          className="button"
          data-testid="join-to"
          onClick={() => void attempt(() => joinAdapter(id, adapter.path, null))}
        >
          {fileName}
        </button>
      ))}
    </div>
  );
}

function Joined({ file: { id, adapter } }: { readonly file: OpenedCheckpoint }) {
  if (adapter === undefined) return null;
  const from = adapter.config === null ? 'no configuration: its numbers are asked for above' : `its numbers are from ${adapter.config}`;
  return (
    <div className="row" data-testid="adapter-joined">
      <span>{`Read with the adapter ${adapter.path}; ${from}.`}</span>
      <button
        type="button"
        className="button quiet"
        data-testid="adapter-config"
        onClick={() =>
          void attempt(async () => {
            const config = await pickText();
            if (config) await joinAdapter(id, adapter.path, config);
          })
        }
      >
        Choose its configuration
      </button>
      <button
        type="button"
        className="button quiet"
        data-testid="adapter-off"
        onClick={() => void attempt(() => joinAdapter(id, null, null))}
      >
        Read the file without it
      </button>
    </div>
  );
}

interface JoinProps {
  readonly file: OpenedCheckpoint;
  readonly others: readonly OpenedCheckpoint[];
}

function JoinAdapter({ file: { id }, others }: JoinProps) {
  const join = (adapter: string) => void attempt(() => joinAdapter(id, adapter, null));
  return (
    <div className="row">
      <span>Low-rank adapter</span>
      {others.filter(isAdapter).map(({ id: other, fileName, path: own }) => (
        <button key={other} type="button" className="button" data-testid="join-adapter" onClick={() => join(own)}>
          {`Join ${fileName}`}
        </button>
      ))}
      <PathEntry
        label="Path of the adapter's file on the service's machine"
        placeholder="path of its file, or drop the file on the window"
        size={36}
        testId="adapter-path"
        action="Join"
        actionTestId="join-adapter-path"
        take={join}
      />
    </div>
  );
}

function OwnRecipes({ file }: { readonly file: OpenedCheckpoint }) {
  const { fileName, errors } = useStore(checkedRecipe);
  const load = () =>
    attempt(async () => {
      const own = await pickText();
      if (own) await takeRecipe(file, own);
    });
  return (
    <div className="stack">
      <div className="row">
        <span>Recipe of your own</span>
        {(file.families.said.own ?? []).map((own) => (
          <span key={own.fileName} className="row" data-testid="own-recipe">
            <span className="mono">{`${nameOf(own)} (${own.fileName})`}</span>
            <button type="button" className="button quiet" onClick={() => void attempt(() => dropRecipe(file, own))}>
              Take it off
            </button>
          </span>
        ))}
        <button type="button" className="button" data-testid="load-recipe" onClick={() => void load()}>
          Load a recipe file
        </button>
      </div>
      {errors.length > 0 && (
        <div className="says-error" role="alert" data-testid="recipe-errors">
          <p>{`${fileName} was not taken: ${errors.length === 1 ? 'one thing is' : `${errors.length} things are`} wrong.`}</p>
          <ul className="plain-list">
            {errors.map(({ path, message }) => (
              <li key={`${path} ${message}`}>
                <span className="mono">{path}</span>
                {`: ${message}`}
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

/** A JSON file of the user's, read here; null where none was chosen. */
async function pickText(): Promise<NamedText | null> {
  const chosen = await pickFile('.json');
  return chosen && { fileName: chosen.name, text: await chosen.text() };
}
