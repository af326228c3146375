// A colour scale as the shader reads it: the colour table and rank table as textures, the rest as uniforms
// shared by all tiles. Changing colours or limits uploads at most these few kilobytes.
import { DataTexture, FloatType, NearestFilter, RedFormat, RGBAFormat, UnsignedByteType, Vector3, type IUniform } from 'three';
import { INFINITY_STRIPE, NAN_COLORS, uniformsOf, VOID_COLOR, type Colouring } from '@shared/colour/colouring';
import { colourScale } from '@shared/colour/scales';
import { LUT_LENGTH, lutOf, rgbOf, type Rgb } from '@shared/colour/table';
import { RANK_LENGTH } from '@shared/colour/transform';

export type SharedUniforms = Readonly<Record<string, IUniform>>;

const vector = ([r, g, b]: Rgb): Vector3 => new Vector3(r / 255, g / 255, b / 255);

/** The uniforms of a scale; set() changes them in place. */
export class ScaleTextures {
  private readonly lut = new DataTexture(new Uint8Array(LUT_LENGTH * 4), LUT_LENGTH, 1, RGBAFormat, UnsignedByteType);
  private readonly shares = new DataTexture(new Float32Array(RANK_LENGTH + 1), RANK_LENGTH + 1, 1, RedFormat, FloatType);
  private shown: Colouring | null = null;
  /** The transform as the shader numbers them: a definition, not a uniform. */
  mode = 0;

  readonly uniforms: SharedUniforms = {
    lut: { value: this.lut },
    shares: { value: this.shares },
    magnitude: { value: 0 },
    parameter: { value: 1 },
    offset: { value: 0 },
    gain: { value: 1 },
    markClipped: { value: 1 },
    underColor: { value: new Vector3() },
    overColor: { value: new Vector3() },
    voidColor: { value: vector(VOID_COLOR) },
    nanColorA: { value: vector(NAN_COLORS[0]) },
    nanColorB: { value: vector(NAN_COLORS[1]) },
    stripeColor: { value: vector(INFINITY_STRIPE) },
  };

  constructor() {
    for (const texture of [this.lut, this.shares]) {
      texture.minFilter = NearestFilter;
      texture.magFilter = NearestFilter;
    }
    this.shares.internalFormat = 'R32F';
    this.shares.needsUpdate = true;
  }

  set(scale: Colouring): void {
    if (scale === this.shown) return;
    if (scale.map !== this.shown?.map) this.fill(this.lut, lutOf(scale.map));
    if (scale.shares && scale.shares !== this.shown?.shares) this.fill(this.shares, scale.shares);
    const { mode, ...numbers } = uniformsOf(scale);
    this.mode = mode;
    for (const [name, value] of Object.entries(numbers)) this.uniforms[name].value = value;
    this.uniforms.markClipped.value = scale.markClipped ? 1 : 0;
    const { under, over } = colourScale(scale.map);
    this.uniforms.underColor.value = vector(rgbOf(under));
    this.uniforms.overColor.value = vector(rgbOf(over));
    this.shown = scale;
  }

  dispose(): void {
    this.lut.dispose();
    this.shares.dispose();
  }

  private fill(texture: DataTexture, values: Uint8Array | Float32Array): void {
    (texture.image.data as Uint8Array | Float32Array).set(values);
    texture.needsUpdate = true;
  }
}
