// The size of the inputs an opened file's network is run on: proof, evaluation and patterns take it from here.
import { useState } from 'react';
import type { InputSizeOrigin, OpenedCheckpoint } from '@shared/link/studio';
import { inputSizeText } from '@shared/model/input-size';
import { attempt } from '../notices';
import { resizeFile } from './weights';
import { Field } from '../../ui/controls';

const ORIGINS: Readonly<Record<Exclude<InputSizeOrigin, 'fixed'>, string>> = {
  stated: 'as the file describes its network',
  assumed: 'assumed: the weights do not tell it',
  chosen: 'chosen here; empty goes back',
};

interface FileInputSizeProps {
  readonly id: string;
  readonly recognised: NonNullable<OpenedCheckpoint['recognised']>;
}

/** Height and width, to be changed where the weights leave them open. */
export function FileInputSize({ id, recognised: { spec, inputSize } }: FileInputSizeProps) {
  const own = inputSizeText(spec.input);
  const chosen = inputSize === 'chosen' ? own : '';
  const [text, setText] = useState(chosen);
  if (inputSize === 'fixed')
    return <p className="faint" data-testid="file-input-size-fixed">{`Inputs of ${own}: its layers are made for them.`}</p>;
  const take = () => text.trim() !== chosen && void attempt(() => resizeFile(id, text));
  return (
    <Field label="Input size" hint={`N or HxW pixels; ${own} is ${ORIGINS[inputSize]}`}>
      <input
        type="text"
        data-testid="file-input-size"
        value={text}
        placeholder={own}
        onChange={(event) => setText(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => event.key === 'Enter' && take()}
      />
    </Field>
  );
}
