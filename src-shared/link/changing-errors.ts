// What a call throws, changed on its way: by the call itself, or by the stream that it gave.
import { mapEventIterator } from '@orpc/client';

/** What `next` gives, where what it throws, and what a stream it gives throws later, has gone through `change`. */
export async function changingErrors(next: () => PromiseLike<unknown>, change: (error: unknown) => unknown): Promise<unknown> {
  try {
    const output = await next();
    if (!isStream(output)) return output;
    return mapEventIterator(output, { value: (value) => Promise.resolve(value), error: (error) => Promise.resolve(change(error)) });
  } catch (error) {
    throw change(error);
  }
}

function isStream(output: unknown): output is AsyncIterator<unknown, unknown, undefined> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output;
}
