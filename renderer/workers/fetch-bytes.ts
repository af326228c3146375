// Arrays from the service: they go beside the calls, behind a URL that it gives out.

/** Bytes behind a URL the service gave out. Throws with the service's own words if it refuses. */
export async function fetchBytes(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${await response.text()} (${url})`);
  return response.arrayBuffer();
}
