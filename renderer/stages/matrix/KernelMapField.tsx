// The size of the map that a kernel in focus is seen on: Enter takes it, an empty field shows the kernel as it is.
import { useState } from 'react';
import { useStore } from 'zustand/react';
import { messageOf } from '@shared/base/message-of';
import { isOddKernel } from '@shared/merge/kernel-matrix';
import { parseInputSize } from '@shared/model/input-size';
import { weights } from '../../studio/network/weights';
import { kernelMap, nameInFocus } from './kernel-map';

export function KernelMapField({ tensor }: { readonly tensor: string }) {
  const shape = useStore(weights, ({ tensors }) => tensors?.find(({ name }) => name === tensor)?.shape);
  const { merged } = nameInFocus(tensor);
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  if (!merged && (shape === undefined || !isOddKernel(shape))) return null;
  const take = (next: string): void => {
    try {
      if (next !== '') parseInputSize('the map', next);
      kernelMap.setState({ text: next });
      setProblem(null);
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <label className="row faint" title="positions that the convolution is seen on; empty: the kernel itself">
      on a map of
      <input
        type="text"
        className="short-number"
        value={text}
        placeholder={merged ? 'usual' : 'none'}
        aria-invalid={problem !== null}
        data-testid="kernel-map"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && take(text.trim())}
        onBlur={() => text.trim() !== '' && take(text.trim())}
      />
      {problem !== null && <span className="says-error">{problem}</span>}
    </label>
  );
}
