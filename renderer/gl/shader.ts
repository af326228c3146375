// The GPU half of colour/colouring.ts: one quad per tile, the cell under each pixel fetched unfiltered, transformed
// and coloured. Which pixels belong to a tile is decided here, not by the rasteriser's coarser edges. What a
// picture does not need is left out by definitions: a software renderer computes both sides of every branch.
// Twin: shaderTwin in colour/colouring.ts and renderReference in testing/matrix-picture/reference.ts.
import { INFINITE_FROM, NAN_FROM } from '@shared/colour/cell-value';
import { LUT_LENGTH } from '@shared/colour/table';
import { RANK_LENGTH } from '@shared/colour/transform';
import { CLIP_MARGIN } from '@shared/colour/colouring';

export const VERTEX_SHADER = /* glsl */ `
precision highp float;
in vec3 position;
uniform mat4 projectionMatrix;
uniform mat4 modelViewMatrix;
void main() { gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0); }
`;

const float = (value: number): string => value.toExponential(9);

/** MODE: 0 linear, 1 symlog, 2 rank, 3 log-ratio. SPECIAL: whether NaN, infinite or VOID cells are to be expected. */
export interface ShaderDefinitions {
  readonly MODE: number;
  readonly SPECIAL: 0 | 1;
}

export const FRAGMENT_SHADER = /* glsl */ `
precision highp float;
precision highp int;
precision highp sampler2D;
uniform sampler2D cells;      // R32F, one tile
uniform vec2 tileSize;        // columns, rows of the tile
uniform vec2 tileExtent;      // the same, less where the matrix ends inside the last value
uniform vec2 cellOffset;      // tile coordinate at the pane's upper left corner
uniform float cellsPerPixel;
uniform vec2 paneCorner;      // device pixels: left, upper edge (from below)
uniform sampler2D lut;
uniform sampler2D shares;     // R32F rank table
uniform float magnitude;      // 1: show |w|
uniform float parameter;
uniform float offset;
uniform float gain;
uniform float markClipped;
uniform vec3 underColor, overColor, voidColor, nanColorA, nanColorB, stripeColor;
out vec4 color;

// Tiles overlap by this share of a cell, so that float32 rounding leaves no gap between them.
const float SEAM = 4e-4;

float transformed(float value) {
#if MODE == 0
  return value;
#elif MODE == 1
  return sign(value) * log(1.0 + abs(value) / parameter);
#elif MODE == 2
  float place = min(abs(value) / parameter, 1.0) * ${float(RANK_LENGTH)};
  int entry = min(int(place), ${RANK_LENGTH - 1});
  float below = texelFetch(shares, ivec2(entry, 0), 0).r;
  float above = texelFetch(shares, ivec2(entry + 1, 0), 0).r;
  return sign(value) * (below + (above - below) * (place - float(entry)));
#else
  return log(value / parameter);
#endif
}

#if SPECIAL
vec3 special(float code, vec2 pixel) {
  if (code <= -${float(NAN_FROM)}) return voidColor;
  if (code >= ${float(NAN_FROM)}) {
    return mod(floor(pixel.x / 3.0) + floor(pixel.y / 3.0), 2.0) < 0.5 ? nanColorA : nanColorB;
  }
  float stripe = code > 0.0 ? mod(pixel.x + pixel.y, 6.0) : mod(pixel.x - pixel.y + 6000.0, 6.0);
  if (stripe < 1.5) return stripeColor;
  return code > 0.0 ? overColor : underColor;
}
#endif

void main() {
  vec2 pixel = vec2(gl_FragCoord.x - paneCorner.x, paneCorner.y - gl_FragCoord.y);
  vec2 place = pixel * cellsPerPixel + cellOffset;
  if (any(lessThan(place, vec2(-SEAM))) || any(greaterThanEqual(place, tileExtent + SEAM))) discard;
  vec2 cell = clamp(floor(place), vec2(0.0), tileSize - 1.0);
  float code = texelFetch(cells, ivec2(cell), 0).r;
#if SPECIAL
  if (abs(code) >= ${float(INFINITE_FROM)}) { color = vec4(special(code, floor(pixel)), 1.0); return; }
#endif
  float position = (transformed(magnitude > 0.5 ? abs(code) : code) - offset) * gain;
  int entry = int(clamp(position * ${float(LUT_LENGTH)}, 0.0, ${float(LUT_LENGTH - 1)}));
  vec3 shown = texelFetch(lut, ivec2(entry, 0), 0).rgb;
  if (markClipped > 0.5) shown = position < -${float(CLIP_MARGIN)} ? underColor : position > 1.0 + ${float(CLIP_MARGIN)} ? overColor : shown;
  color = vec4(shown, 1.0);
}
`;
