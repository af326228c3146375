// A RepMLP block from inside, as in figure 1 of the paper: Global, Partition and Local Perceptron in
// train form; what is left of them after merging.
import type { RepBlock } from '@shared/model/spec';
import { partsOf, type BlockPart } from './parts';

export function BlockParts({ block }: { readonly block: RepBlock }) {
  return (
    <div className="box-branches parts" data-testid="block-parts">
      {partsOf(block).map((part) => (
        <Part key={part.title} part={part} />
      ))}
    </div>
  );
}

function Part({ part }: { readonly part: BlockPart }) {
  return (
    <div className="branch">
      <p className="branch-label">{part.title}</p>
      {part.steps.map((step) => (
        <div key={step} className="box part-step">
          {step}
        </div>
      ))}
      <p className="faint">{part.says}</p>
    </div>
  );
}
