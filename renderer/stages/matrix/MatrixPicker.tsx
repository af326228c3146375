// Which matrix of the weights is looked at: FC3 of a block, before and after its merge, or any weight as it is.
import { useEffect } from 'react';
import { useStore } from 'zustand/react';
import { shapeText } from '@shared/tensor/tensor';
import { attempt } from '../../studio/notices';
import { connection } from '../../studio/studio';
import { focusBlock, focusTensor, loadTensors, weights } from '../../studio/network/weights';
import { familyFileInFocus } from '../../studio/families/families';
import { KernelMapField } from './KernelMapField';
import { mergedWeightsOf, nameInFocus } from './kernel-map';
import { matrixTensors } from './weights-input';

/** Before a weight's name among the choices: block paths have no space. */
const WEIGHT = 'weight ';

export function MatrixPicker() {
  const connected = useStore(connection, (state) => state.client !== null);
  const { reference, blocks, block, tensors, tensor } = useStore(weights);
  const merged = mergedWeightsOf(useStore(weights, familyFileInFocus));
  useEffect(() => {
    if (connected) void attempt(loadTensors);
  }, [connected, reference]);
  useEffect(() => {
    // Weights without a block begin with what a merge makes of them, else with the first that is a matrix.
    const first = merged[0] ?? matrixTensors(tensors)[0]?.name;
    if (blocks?.length === 0 && tensors && tensor === null && first !== undefined) focusTensor(first);
  }, [blocks, tensors, tensor]);
  const choose = (value: string) => (value.startsWith(WEIGHT) ? focusTensor(value.slice(WEIGHT.length)) : focusBlock(value));
  return (
    <>
      <select
        aria-label="Matrix"
        className="matrix-picker"
        data-testid="block-picker"
        value={tensor === null ? (block ?? undefined) : `${WEIGHT}${tensor}`}
        onChange={(event) => choose(event.target.value)}
      >
        {tensor === null && block === null && <option value="">{blocks ? 'choose a weight' : 'reading blocks'}</option>}
        {blocks !== null && blocks.length > 0 && (
          <optgroup label="FC3 of a block, before and after the merge">
            {blocks.map((path) => (
              <option key={path} value={path}>
                {path === '' ? '(the whole network)' : path}
              </option>
            ))}
          </optgroup>
        )}
        <MergedWeights names={merged} />
        <optgroup label="Weights as they are">
          {matrixTensors(tensors).map(({ name, shape }) => (
            <option key={name} value={`${WEIGHT}${name}`}>
              {`${name}, ${shapeText(shape)}`}
            </option>
          ))}
        </optgroup>
      </select>
      {tensor !== null && <KernelMapField key={tensor} tensor={tensor} />}
    </>
  );
}

function MergedWeights({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <optgroup label="Weights of its groups, once merged">
      {names.map((name) => (
        <option key={name} value={`${WEIGHT}${name}`}>
          {nameInFocus(name).name}
        </option>
      ))}
    </optgroup>
  );
}
