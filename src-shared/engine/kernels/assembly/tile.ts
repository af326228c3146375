// A tile of 5 x 8 sums in registers, as the matrix product and the convolutions end: stored, or added to
// what is there; whole, or only its part inside the output. Five rows, for the ten sums with their operands
// still fit the registers: a row less or more is 15 % or 50 % slower (measured on V8).

/** Rows of a tile. */
export const TILE_ROWS: i32 = 5;
/** Bytes of a tile that is computed apart. */
export const TILE_BYTES: usize = 160;

/** Writes 8 neighbouring values, or adds them. */
// @ts-ignore: decorator
@inline
export function put(c: usize, low: v128, high: v128, add: bool): void {
  if (add) {
    low = f32x4.add(low, v128.load(c));
    high = f32x4.add(high, v128.load(c, 16));
  }
  v128.store(c, low);
  v128.store(c, high, 16);
}

/** Adds a tile of `rows` rows at `spare` to the one at `c`, whose rows are `row` bytes apart. */
export function addTile(spare: usize, c: usize, row: usize, rows: i32): void {
  for (let i = 0; i < rows; i++, spare += 32, c += row) put(c, v128.load(spare), v128.load(spare, 16), true);
}

/** Writes (or adds) the `rows` x `columns` of a tile at `spare` that exist in the output; `row` is the output's in bytes. */
export function putPart(spare: usize, c: usize, row: usize, rows: i32, columns: i32, add: bool): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const to = c + <usize>i * row + (<usize>j << 2);
      const value = load<f32>(spare + (<usize>i << 5) + (<usize>j << 2));
      store<f32>(to, add ? load<f32>(to) + value : value);
    }
  }
}
