// A network as the model stage shows it: boxes in the order in which data goes through them, branches, and in open RepMLP blocks
// what they are made of, each with what it costs and gives.
import { z } from 'zod';
import { PAPER_CONVENTION } from '../../cost/convention';
import { countedForms } from '../../cost/forms';
import { ledger, type Ledger } from '../../cost/ledger';
import { parseInputSize, withSizeOf } from '../../model/input-size';
import { networkField } from '../../model/schema';
import type { NetworkSpec } from '../../model/spec';
import { buildModel } from '../../model/zoo';
import { mapText } from '../diagram/describe';
import { endText, piecesOf, placed } from '../diagram/place';
import { openAtFirst, openPaths } from '../diagram/scene';
import { blockCount, diagramOf, type DiagramNode } from '../diagram/tree';
import { figureKind } from '../kind';
import type { DisplayList, FigureTable } from '../page/display-list';
import { assemble, note, pageOf, shortCount, titleBlock } from '../page/layout';
import { recipeSchema } from '../recipe';

const schema = recipeSchema('diagram', {
  /** A zoo model, and its settings that differ from the defaults. */
  model: z.string().min(1, 'a diagram needs the name of a model').optional(),
  set: z.record(z.string(), z.string()).optional(),
  /** A network no zoo entry builds, described in full; given instead of `model`. */
  network: networkField.optional(),
  /** Height and width of its inputs, `N` or `HxW` in pixels, where they are not the network's own. */
  inputSize: z.string().optional(),
  form: z.enum(['train', 'merged']),
  /** Paths of the boxes that are open; as the window begins where left out. */
  open: z.array(z.string()).optional(),
}).refine(({ model, network }) => (model === undefined) !== (network === undefined), 'a diagram needs either "model" or "network"');
type DiagramRecipe = z.infer<typeof schema>;

export const diagram = figureKind(schema)({
  kind: 'diagram',
  title: 'Network diagram',
  says: 'the layers of a network in order, blocks opened or closed',
  about: 'network',
  start: (head, { network }) => ({ ...head, kind: 'diagram', ...network, form: 'train' }),
  form: ({ form }) => [
    {
      field: 'form',
      widget: 'choice',
      label: 'Form',
      value: form,
      options: [
        ['train', 'train form'],
        ['merged', 'merged form'],
      ],
    },
  ],
  read: async (recipe) => countedNetwork(recipe),
  draw: drawDiagram,
});

interface CountedNetwork {
  readonly spec: NetworkSpec;
  readonly ledger: Ledger;
}

/** The form asked for, and what it costs. Throws UserError where the network has it not. */
function countedNetwork({ model, set, network, inputSize, form }: DiagramRecipe): CountedNetwork {
  const spec = network ?? buildModel(model ?? '', set);
  const sized = inputSize === undefined ? spec : withSizeOf(spec, parseInputSize('"inputSize"', inputSize));
  // A network in merged form has no other.
  const [counted] = countedForms(sized, sized.form === 'merged' ? 'merged' : form);
  return { spec: counted, ledger: ledger(counted, PAPER_CONVENTION) };
}

function drawDiagram({ layout, open }: DiagramRecipe, { spec, ledger: counted }: CountedNetwork): DisplayList {
  const page = pageOf(layout);
  const nodes = diagramOf(spec, counted);
  const isOpen = open === undefined ? openAtFirst(nodes) : (node: DiagramNode) => open.includes(node.path);
  const { channels, height, width } = spec.input;
  const title = titleBlock(page, layout.title);
  const input = endText(page, title.bottom + 1, `input ${mapText([channels, height, width])}`);
  const boxes = placed(page, input.bottom, piecesOf(nodes, isOpen), { x: page.left, width: page.right - page.left });
  const output = endText(page, boxes.bottom, 'output');
  const text = sentences(spec, counted, nodes);
  const layers = nodes.map((node) => `${node.name || node.layer?.kind}: ${node.text}`).join('; ');
  const description = `${text} From input to output: ${layers}. Open: ${openPaths(nodes, isOpen).join(', ') || 'none'}.`;
  return assemble(page, { title: layout.title ?? `Diagram of ${spec.name}`, description, tables: [tableOf(nodes)] }, [
    title,
    input,
    boxes,
    output,
    note(page, output.bottom + 1, text),
  ]);
}

function sentences({ name, form, input }: NetworkSpec, { params, macs, convention }: Ledger, nodes: readonly DiagramNode[]): string {
  const blocks = nodes.reduce((sum, node) => sum + blockCount(node), 0);
  const words =
    blocks === 0
      ? 'It has no RepMLP block.'
      : `${blocks === 1 ? 'Its RepMLP block is' : `Its ${blocks} RepMLP blocks are`} on blue ground.`;
  return [
    `${name}, ${form} form, from top to bottom: ${shortCount(params)} parameters and ${shortCount(macs)} MACs for an input of ${input.height} x ${input.width}.`,
    words,
    `Beside each layer: parameters, MACs (${convention}) and the shape of its output (channels, height, width).`,
  ].join(' ');
}

/** Every layer, those in closed boxes too. */
function tableOf(nodes: readonly DiagramNode[]): FigureTable {
  const rowsOf = (node: DiagramNode): FigureTable['rows'] => [
    [node.path || node.name, node.text, node.params, node.macs, node.output ? node.output.join('x') : ''],
    ...node.branches.flatMap((branch) => branch.nodes.flatMap(rowsOf)),
  ];
  return { name: 'layers', columns: ['layer', 'what', 'params', 'macs', 'output'], rows: nodes.flatMap(rowsOf) };
}
