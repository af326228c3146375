// The honest end of the ledger: every kind of work the network does that carries no number in it.
import { hasGlobalPerceptron, type NetworkSpec } from '../model/spec';
import type { LeafVisit } from '../model/walk';
import type { Convention } from './convention';
import { primitivesOf, UNCOUNTED } from './primitives';
import { residualActivations } from './residuals';

/** One line for each kind of work of this network that the ledger leaves out, with how often and why. */
export function notCountedOf(spec: NetworkSpec, visits: readonly LeafVisit[], convention: Convention): string[] {
  const running = visits.filter((visit) => !(visit.training && spec.form === 'merged'));
  const primitives = running.flatMap(primitivesOf);
  const residuals = residualActivations(spec);
  const activations = primitives.filter((p) => p.elements.activation > 0).length + residuals.filter((r) => r.activation !== 'none').length;
  const lines: [number, string][] = [
    [convention.batchNorm ? 0 : primitives.filter((p) => p.elements.batchNorm > 0).length, 'batch norms: 0 operations by convention'],
    [convention.bias ? 0 : primitives.filter((p) => p.elements.bias > 0).length, 'bias additions: 0 operations by convention'],
    [convention.activation ? 0 : activations, 'activations: 0 operations by convention'],
    ...leafLines(running),
    [residuals.length, 'residual additions: no multiply-accumulates'],
    ...blockLines(running, spec),
    [visits.length - running.length, 'layers of side heads: they run only in training, their parameters are left out too'],
  ];
  return lines.filter(([times]) => times > 0).map(([times, text]) => `${times} ${text}`);
}

/** How often leaves do what no number stands for, in the order in which the kinds are listed. */
function leafLines(visits: readonly LeafVisit[]): [number, string][] {
  const texts = new Set(Object.values(UNCOUNTED).filter((text) => text !== null));
  return [...texts].map((text) => [visits.filter(({ layer }) => UNCOUNTED[layer.kind] === text).length, text]);
}

function blockLines(visits: readonly LeafVisit[], spec: NetworkSpec): [number, string][] {
  const layers = visits.map(({ layer }) => layer);
  const adding = layers.filter(
    (layer) => layer.kind === 'globalPerceptron' || (layer.kind === 'repmlp' && hasGlobalPerceptron(layer)),
  ).length;
  const multiplying = layers.filter((layer) => layer.kind === 'repmlpNetBlock').length;
  const branchSums =
    spec.form === 'train' ? layers.filter((l) => (l.kind === 'repmlp' || l.kind === 'repmlpNetBlock') && l.kernels.length > 0).length : 0;
  return [
    [adding, 'Global Perceptrons: average pooling and the addition to the input'],
    [multiplying, 'Global Perceptrons: average pooling and the multiplication with the output'],
    [branchSums, 'sums of FC3 and conv branches: additions only'],
  ];
}
