// Makes a figure of the diagram as it is shown: its form, and the boxes that are open.
import type { DiagramNode } from '@shared/figure/diagram/tree';
import type { Form } from '@shared/model/spec';
import { askForFigure } from '../../studio/asked-figure';
import { stageName } from '../../studio/navigation';
import { network } from '../../studio/network/network';
import { openBoxes } from './Diagram';

interface Props {
  readonly nodes: readonly DiagramNode[];
  readonly form: Form;
}

export function DiagramFigureButton({ nodes, form }: Props) {
  return (
    <button
      type="button"
      className="button"
      data-testid="figure-of-diagram"
      title={`Open this diagram as a figure in ${stageName('figure')} and save it as SVG, PNG or PDF`}
      onClick={() => askForFigure({ kind: 'diagram', change: { form, open: openBoxes(nodes, network.getState().spec?.name ?? '') } })}
    >
      Save figure
    </button>
  );
}
