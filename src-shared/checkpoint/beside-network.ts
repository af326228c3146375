// Tensors of a training module that are no part of its network, told by their names: counters of averaging and
// profiling, losses, metrics.

/** Counters of torch.optim.swa_utils and of thop. */
export function isCounter(name: string): boolean {
  return /(^|\.)(n_averaged|total_ops|total_params)$/.test(name);
}

/** Whether an attribute of a training module, by its name, is a loss or a metric. */
export function isTrainingOnly(attribute: string): boolean {
  return /^(criterion|\w*loss\w*|\w*metrics?\w*|\w*acc(uracy)?)$/.test(attribute);
}
