// What the weights do not tell of a file's groups, asked: which of several families a block is, and numbers that no file holds.
import { useState } from 'react';
import type { FamilySetting, OpenedCheckpoint } from '@shared/link/studio';
import { attempt } from '../notices';
import { sayFamily } from './families';

export function FamilyQuestions({ file }: { readonly file: OpenedCheckpoint }) {
  const { left, settings, said } = file.families;
  const choices = [...new Set(left.flatMap(({ named }) => named))];
  return (
    <>
      {choices.length > 0 && <WhichFamily file={file} choices={choices} />}
      {said.recipe.length > 0 && (
        <p className="row">
          {`Read as ${said.recipe.join(', ')}.`}
          <button
            type="button"
            className="button quiet"
            onClick={() => void attempt(() => sayFamily(file.id, { ...said, recipe: [] }))}
            data-testid="family-unsay"
          >
            Read it as before
          </button>
        </p>
      )}
      {settings.length > 0 && <Numbers key={JSON.stringify(settings)} file={file} />}
    </>
  );
}

/** Names that several families share, or that show no family by themselves: the user says which it is. */
function WhichFamily({ file: { id, families }, choices }: { readonly file: OpenedCheckpoint; readonly choices: readonly string[] }) {
  const { said } = families;
  return (
    <div className="row says-warning" data-testid="family-question">
      <span>Names alone do not show what some of these blocks are. Read them as</span>
      {choices.map((recipe) => (
        <button
          key={recipe}
          type="button"
          className="button"
          data-testid={`family-is-${recipe}`}
          onClick={() => void attempt(() => sayFamily(id, { ...said, recipe: [...said.recipe, recipe] }))}
        >
          {recipe}
        </button>
      ))}
    </div>
  );
}

function Numbers({ file: { id, families } }: { readonly file: OpenedCheckpoint }) {
  const { settings, said } = families;
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(
    Object.fromEntries(settings.map(({ name, given }) => [name, given === null ? '' : String(given)])),
  );
  const wrong = settings.find(({ name }) => texts[name].trim() !== '' && !Number.isFinite(Number(texts[name])));
  const say = () => {
    const shown = new Set(settings.map(({ name }) => name));
    const others = said.setting.filter((one) => !shown.has(one.slice(0, one.indexOf('='))));
    const own = settings.flatMap(({ name }) => (texts[name].trim() === '' ? [] : [`${name}=${texts[name].trim()}`]));
    return attempt(() => sayFamily(id, { ...said, setting: [...others, ...own] }));
  };
  return (
    <form
      className="row"
      data-testid="family-settings"
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong) void say();
      }}
    >
      {settings.map((setting) => (
        <NumberAsked
          key={setting.name}
          setting={setting}
          text={texts[setting.name]}
          change={(text) => setTexts({ ...texts, [setting.name]: text })}
        />
      ))}
      <button type="submit" className="button" disabled={wrong !== undefined} data-testid="family-say">
        Use these numbers
      </button>
      {wrong && <span className="says-error">{`${wrong.name} takes a number, for example 0.001; got "${texts[wrong.name]}".`}</span>}
    </form>
  );
}

interface NumberAskedProps {
  readonly setting: FamilySetting;
  readonly text: string;
  readonly change: (text: string) => void;
}

function NumberAsked({ setting: { name, about, usual }, text, change }: NumberAskedProps) {
  return (
    <label className={usual === null && text.trim() === '' ? 'row says-warning' : 'row faint'} title={about}>
      {usual === null ? `${name} (to be given)` : name}
      <input
        type="text"
        inputMode="decimal"
        className="short-number"
        placeholder={usual === null ? about : String(usual)}
        value={text}
        data-testid={`family-setting-${name}`}
        onChange={(event) => change(event.target.value)}
      />
    </label>
  );
}
