/** Ends an exhaustive switch: a compile-time error if a case is missing, a clear runtime error if data lied about its type. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
