// Telling averaged copies of weights from the weights themselves, by the keys and prefixes they stand under.

/** Whether a key says that its weights are an average, or the slower of two networks. */
export function isAveraged(key: string): boolean {
  return /(^|[._])(ema|swa|averaged?|shadow|momentum|teacher|target)([._]|$)/i.test(key);
}
