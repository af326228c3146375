// Grouped 2-D convolution on channels-last maps with PyTorch's weights (O, C/g, kh, kw), and its two
// gradients, without an im2col matrix: a group's channels of one map are placed on a zero-padded map in
// scratch memory, where every output pixel's window consists of kh runs of consecutive values.
import { put, putPart } from './tile';

/** Sizes of a convolution: 16 integers in memory, written by the caller in this order. */
// @ts-ignore: decorator
@unmanaged
export class Geometry {
  H: i32; W: i32; C: i32; O: i32; groups: i32;
  kh: i32; kw: i32; sh: i32; sw: i32; ph: i32; pw: i32; dh: i32; dw: i32;
  outH: i32; outW: i32;
}

/** One direction of a convolution, per group: `inputs` channels placed on a map of rows x columns, `outputs` channels computed. */
// @ts-ignore: decorator
@unmanaged
class Pass {
  inputs: i32; outputs: i32; rows: i32; columns: i32;
  /** Where the source's first pixel stands, and the distance of its pixels. */
  top: i32; left: i32; spacingY: i32; spacingX: i32;
  sourceH: i32; sourceW: i32; sourceC: i32;
  outH: i32; outW: i32; outC: i32; strideY: i32; strideX: i32;
}

/** Bytes at the start of scratch memory for a Pass and a spare tile. */
const HEAD: usize = 256;

// @ts-ignore: decorator
@inline
function up(value: i32, multiple: i32): i32 {
  return (value + multiple - 1) / multiple * multiple;
}

function describe(geometry: Geometry, backwards: bool, pass: Pass): void {
  const { kh, kw, groups, H, W } = geometry;
  pass.inputs = (backwards ? geometry.O : geometry.C) / groups;
  pass.outputs = (backwards ? geometry.C : geometry.O) / groups;
  const reachY = geometry.dh * (kh - 1), reachX = geometry.dw * (kw - 1);
  pass.strideY = backwards ? 1 : geometry.sh;
  pass.strideX = backwards ? 1 : geometry.sw;
  pass.spacingY = backwards ? geometry.sh : 1;
  pass.spacingX = backwards ? geometry.sw : 1;
  pass.top = backwards ? reachY - geometry.ph : geometry.ph;
  pass.left = backwards ? reachX - geometry.pw : geometry.pw;
  pass.outH = backwards ? H : geometry.outH;
  pass.outW = backwards ? W : geometry.outW;
  pass.outC = backwards ? geometry.C : geometry.O;
  pass.sourceH = backwards ? geometry.outH : H;
  pass.sourceW = backwards ? geometry.outW : W;
  pass.sourceC = backwards ? geometry.O : geometry.C;
  pass.rows = (pass.outH - 1) * pass.strideY + reachY + 1;
  pass.columns = (pass.outW - 1) * pass.strideX + reachX + 1;
}
