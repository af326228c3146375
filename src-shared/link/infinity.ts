// Infinity on the wire between window and service: JSON would make null of it, and a difference of infinity
// would arrive as no difference at all. Both ends have to be given it.
import type { StandardRPCJsonSerializerOptions } from '@orpc/client/standard';

/** oRPC keeps the numbers below 20 for types of its own. */
const INFINITY_TYPE = 21;

/** Options of every link and handler of the contract. */
export const WIRE_NUMBERS = {
  customJsonSerializers: [
    {
      type: INFINITY_TYPE,
      condition: (data: unknown): boolean => data === Infinity || data === -Infinity,
      serialize: (data: number): string => String(data),
      deserialize: (text: unknown): number => {
        if (text !== 'Infinity' && text !== '-Infinity') throw new TypeError(`expected Infinity or -Infinity, got ${String(text)}`);
        return Number(text);
      },
    },
  ],
} satisfies StandardRPCJsonSerializerOptions;
