// Values of chosen stored cells in one matrix, as React state.
import { useEffect, useState } from 'react';
import type { MatrixClient } from '../../../workers/matrix/matrix-client';

/** The values at `indices` (row * columns + column); null until they are here. */
export function useValues(client: MatrixClient, indices: Float64Array | null): Float32Array | null {
  const [values, setValues] = useState<Float32Array | null>(null);
  const { generation, phase } = client.status;
  const whole = phase === 'counting' || phase === 'done';
  useEffect(() => {
    if (!indices || !whole) return setValues(null);
    let current = true;
    void client.values(indices).then((found) => current && setValues(found));
    return () => {
      current = false;
    };
  }, [client, indices, generation, whole]);
  return values;
}
