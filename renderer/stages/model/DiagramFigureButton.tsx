// Makes a figure of the diagram as it is shown: its form, and the boxes that are open.
import { SaveFigureButton } from '../../studio/SaveFigureButton';
import type { DiagramNode } from '@shared/figure/diagram/tree';
import type { Form } from '@shared/model/spec';
import { network } from '../../studio/network/network';
import { openBoxes } from './Diagram';

interface Props {
  readonly nodes: readonly DiagramNode[];
  readonly form: Form;
}

export function DiagramFigureButton({ nodes, form }: Props) {
  return (
    <SaveFigureButton
      testId="figure-of-diagram"
      what="this diagram"
      asked={() => ({ kind: 'diagram', change: { form, open: openBoxes(nodes, network.getState().spec?.name ?? '') } })}
    />
  );
}
