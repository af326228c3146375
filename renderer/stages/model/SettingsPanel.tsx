// The hyper-parameters of the chosen network, edited as the command line's --set takes them.
import { useStore } from 'zustand';
import { inputSizeText, isSizeOpen } from '@shared/model/input-size';
import { settingProblem, zooEntry, type Setting, type ZooEntry } from '@shared/model/zoo';
import { changeInputSize, changeSetting, chooseModel, CUSTOM, network } from '../../studio/network/network';
import { CommandButton } from '../../studio/CommandButton';
import { Field } from '../../ui/controls';
import { modelCommands } from './commands';
import { Panel } from '../../studio/Stage';
import { weights, fileOf } from '../../studio/network/weights';
import { FileInputSize } from '../../studio/network/FileInputSize';

export function SettingsPanel() {
  const name = useStore(network, (state) => state.entry);
  return name === CUSTOM ? <CustomPanel /> : <ZooSettings entry={zooEntry(name)} />;
}

/** A network that no settings give, by its description or its weights, has no hyper-parameters; its description is edited instead. */
function CustomPanel() {
  const spec = useStore(network, (state) => state.spec);
  const hasWeights = useStore(weights, (state) => state.inFocus);
  if (spec === null)
    return (
      <Panel title="Unknown network" tools={<DescriptionButtons />}>
        <p>Choose a network of the list, or load one that is described in JSON.</p>
        <InputSizeField />
      </Panel>
    );
  return (
    <Panel title={spec.name} says={hasWeights ? 'as its weights hold it' : 'described by hand'} tools={<DescriptionButtons />}>
      <p>
        {hasWeights
          ? 'Save its JSON, edit it and load it to change it; it has no weights then.'
          : 'Edit its JSON file and load it again to change it.'}
      </p>
      <InputSizeField />
    </Panel>
  );
}

function DescriptionButtons() {
  return (
    <>
      <CommandButton command={modelCommands['load-network']}>Load JSON</CommandButton>
      <CommandButton command={modelCommands['save-network']}>Save JSON</CommandButton>
    </>
  );
}

function ZooSettings({ entry }: { readonly entry: ZooEntry }) {
  const changed = useStore(network, (state) => Object.keys(state.settings).length > 0 || state.inputSize !== '');
  const tools = (
    <>
      {changed && (
        <button type="button" className="button quiet" onClick={() => chooseModel(entry.name)}>
          Back to defaults
        </button>
      )}
      <DescriptionButtons />
    </>
  );
  return (
    <Panel title={entry.title} says={entry.description} tools={tools}>
      <div className="settings" data-testid="settings">
        {entry.settings.map((setting) => (
          <SettingField key={`${entry.name}:${setting.key}`} entry={entry} setting={setting} />
        ))}
        <InputSizeField />
      </div>
    </Panel>
  );
}

/** Inputs of another size with the same weights: an opened file keeps them; not shown where the network's layers have their size built in. */
function InputSizeField() {
  const { spec, inputSize } = useStore(network);
  const file = useStore(weights, (state) => (state.inFocus ? fileOf(state) : undefined));
  if (file?.recognised) return <FileInputSize key={inputSizeText(file.recognised.spec.input)} id={file.id} recognised={file.recognised} />;
  if (inputSize === '' && (spec === null || !isSizeOpen(spec))) return null;
  return (
    <Field label="input size" hint="N or HxW pixels; the same weights on inputs of another size, partitions keep theirs">
      <input
        type="text"
        data-testid="input-size"
        value={inputSize}
        placeholder={spec === null ? '' : inputSizeText(spec.input)}
        onChange={(event) => changeInputSize(event.target.value)}
      />
    </Field>
  );
}

interface SettingFieldProps {
  readonly entry: ZooEntry;
  readonly setting: Setting;
}

/** What cannot be read as this setting is said at its field; what does not go with the others, below them all. */
function SettingField({ entry, setting }: SettingFieldProps) {
  const { key, what, type, default: standard } = setting;
  const text = useStore(network, (state) => state.settings[key]);
  const problem = text === undefined ? null : settingProblem(entry, setting, text);
  const shared = { 'data-testid': `setting-${key}`, title: what, 'aria-invalid': problem !== null };
  return (
    <Field label={key} hint={problem ?? what}>
      {type === 'flag' ? (
        <select {...shared} value={text ?? standard} onChange={(event) => changeSetting(key, event.target.value)}>
          <option value="true">true</option>
          <option value="false">false</option>
        </select>
      ) : (
        <input
          type="text"
          {...shared}
          value={text ?? ''}
          placeholder={standard}
          onChange={(event) => changeSetting(key, event.target.value)}
        />
      )}
    </Field>
  );
}
