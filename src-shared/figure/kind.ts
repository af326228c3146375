// What one kind of figure is: one record that says how its recipe is written, what it starts with, what it reads and how it
// is drawn. All else (the parser, the service, the command line, the window's form) reads these records and knows no kind.
import type { z } from 'zod';
import type { Convention } from '../cost/convention';
import type { Int8Report } from '../cost/int8/report';
import type { DatasetReference } from '../dataset/dataset';
import type { ShownPicture } from '../dataset/shown-picture';
import type { SourceName } from '../dataset/wire';
import type { CountedFile, MergedLayer } from '../cost/family-ledgers';
import type { MatrixGeometry } from '../matrix/geometry';
import type { NamedKernel } from '../pattern/kernel-pattern';
import type { WeightedNetwork } from '../merge/merge-network';
import type { Form, NetworkSpec } from '../model/spec';
import type { ReceptiveFieldReport } from '../pattern/receptive-field';
import type { RunRecord } from '../run/run';
import type { TrainingEvent } from '../training/recipe/event';
import type { DisplayList } from './page/display-list';
import { readable } from './page/fit-height';
import type { SheetLayout } from './page/layout';
import type { AnyRecipe, FigureSource, PictureSource, RecipeHead } from './recipe';

/**
 * Where a figure's numbers are read from, as a host has them. Paths are as the recipe writes them, the host knows what
 * they are relative to. Every member rejects with UserError, by name, for what is not there.
 */
export interface FigureSources {
  network(source: FigureSource): Promise<WeightedNetwork>;
  run(path: string): Promise<RunRecord>;
  /** The events of a run, in order. */
  events(path: string): Promise<readonly TrainingEvent[]>;
  /** The path of a file of a run by its name in the run's record. */
  fileOfRun(path: string, file: string): Promise<string>;
  picture(source: PictureSource): Promise<ShownPicture>;
  /** Samples of a split in order, those that there are. Rejects with UserError where there is no such split, or none from there on. */
  samples(asked: AskedSamples): Promise<ReadSamples>;
  /** A weight of a file as a matrix. */
  weight(source: FigureSource, asked: AskedWeight): Promise<WeightMatrix>;
  /** The layers that the groups of families in a file are once merged, and what they were before. */
  layers(source: FigureSource): Promise<FamilyLayers>;
  /** What the network's forms see, by the gradient over so many seeded inputs. */
  receptiveField(
    source: FigureSource,
    asked: { readonly layer: string | null; readonly count: number; readonly seed: number; readonly form?: Form },
  ): Promise<ReceptiveFieldReport>;
  /** What int8 weights cost the network's forms. */
  int8(source: FigureSource, asked: { readonly batch: number; readonly seed: number }): Promise<Int8Report>;
}

/** Samples of a split, from the first of them on. */
export interface AskedSamples {
  readonly dataset: DatasetReference;
  readonly split: SourceName;
  readonly first: number;
  readonly count: number;
}

/** A sample as RGBA pixels, row-major, of scenes with the class of every pixel as a colour; or why it cannot be read. */
export type ShownSample = { readonly index: number } & (
  | {
      readonly label: string;
      readonly width: number;
      readonly height: number;
      readonly pixels: Uint8ClampedArray;
      readonly classMap: Uint8ClampedArray | null;
    }
  | { readonly problem: string }
);

/** Samples that were read, of how many there are. */
export interface ReadSamples {
  readonly name: string;
  readonly total: number;
  readonly shown: readonly ShownSample[];
}

/** A weight by its name, and how it is seen. */
export interface AskedWeight {
  readonly name: string;
  /** Whether it is there once its group of a family is merged. */
  readonly merged?: boolean;
  /** Of a kernel: height and width of the map it is seen on as a matrix; `usual` is one of a size to be looked at. */
  readonly map?: readonly [height: number, width: number] | 'usual';
}

/** A weight (rows, columns), row-major. */
export interface WeightMatrix {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly rows: number;
  readonly columns: number;
  /** Where it is a kernel on a map; null otherwise. */
  readonly geometry: MatrixGeometry | null;
  readonly data: Float32Array;
}

/** What a file of an unknown network holds of known families. */
export interface FamilyLayers extends CountedFile {
  readonly kernels: readonly (MergedLayer & NamedKernel & { readonly name: string })[];
}

/** What the user looks at when a figure is started. */
export interface FigureFocus {
  /** The weights and the block in focus. */
  readonly source: FigureSource;
  /** The chosen network: an entry of the zoo with its settings, or a description. */
  readonly network: {
    readonly model?: string;
    readonly set?: Readonly<Record<string, string>>;
    readonly network?: NetworkSpec;
    readonly inputSize?: string;
  };
  /** Folder of the run in focus; empty where there is none. */
  readonly run: string;
  /** Folders of all runs. */
  readonly runs: readonly string[];
  readonly convention?: Convention;
  readonly picture: PictureSource;
  /** The network that the one in focus is held against. */
  readonly against?: FigureSource;
}

/** What of the focus a figure is about: another one starts the figure anew. */
export type FigureSubject = 'block' | 'network' | 'run' | 'runs' | 'nothing';

/** A field of a recipe as a form asks for it; `value` is what the recipe holds now. */
export type FormField = { readonly field: string } & (
  | ChoiceField
  | { readonly widget: 'index'; readonly label: string; readonly hint?: string; readonly value: number }
  /** A row or column, or the paper's own (null). */
  | { readonly widget: 'place'; readonly label: string; readonly value: number | null }
  /** One group (share-set), or all of them (null). */
  | { readonly widget: 'group'; readonly value: number | null }
  | { readonly widget: 'convention'; readonly value: Convention | undefined }
  | { readonly widget: 'picture'; readonly value: PictureSource }
  | { readonly widget: 'run'; readonly value: FigureSource }
);
type ChosenValue = string | number | undefined;
export interface ChoiceField {
  readonly widget: 'choice';
  readonly label: string;
  readonly value: ChosenValue;
  readonly options: readonly (readonly [ChosenValue, string])[];
  readonly testId?: string;
}

/** A figure whose numbers are read: drawn as often, and in as many layouts, as wanted. */
export interface ReadFigure {
  draw(layout?: SheetLayout): DisplayList;
  /** The frames of its film, each drawn when it is asked for, all on one colour scale; null where it is no film. */
  frames(layout?: SheetLayout): readonly (() => DisplayList)[] | null;
}

/** What a figure is read for, and who hears of it. */
export interface Reading {
  /** A film shows all there is, a page what it has room for. */
  readonly purpose: 'page' | 'film';
  readonly progress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** What a file of `kinds/` says of its kind. */
interface KindDescription<Recipe extends AnyRecipe, Data> {
  readonly kind: Recipe['kind'];
  /** Its name and what it shows, as a list of figures has them. */
  readonly title: string;
  readonly says: string;
  readonly about: FigureSubject;
  /** Whether it is of the one block that its source names, so that there is one for every block of a network. */
  readonly isOfBlock?: boolean;
  /** The recipe before anything is chosen. */
  readonly start: (head: RecipeHead, focus: FigureFocus) => Recipe;
  readonly form: (recipe: Recipe) => readonly (FormField & { readonly field: keyof Recipe & string })[];
  /** What must be there before it can be drawn and is not; null where all is there. */
  readonly lacks?: (recipe: Recipe) => string | null;
  /** Reads and computes the numbers. Rejects with UserError for what is not there. */
  readonly read: (recipe: Recipe, sources: FigureSources, reading: Reading) => Promise<Data>;
  /** Pure: the same recipe and numbers give the same figure on every host. Throws UserError for a cell or channel that is not there. */
  readonly draw: (recipe: Recipe, data: Data) => DisplayList;
  /** The frames of a film of it, as `draw`; left out of kinds that are none. */
  readonly frames?: (recipe: Recipe, data: Data) => readonly (() => DisplayList)[];
}

/** The record of the kind whose recipes a schema reads. Its members that take any recipe throw TypeError for one of another kind. */
export function figureKind<Recipe extends AnyRecipe>(schema: z.ZodType<Recipe>) {
  return <Data>({ kind, title, says, about, isOfBlock = false, start, form, lacks, read, draw, frames }: KindDescription<Recipe, Data>) => {
    const isOwn = (recipe: AnyRecipe): recipe is Recipe => recipe.kind === kind;
    const own = (recipe: AnyRecipe): Recipe => {
      if (isOwn(recipe)) return recipe;
      throw new TypeError(`a figure of kind ${recipe.kind} is none of kind ${kind}`);
    };
    return {
      kind,
      title,
      says,
      schema,
      about,
      isOfBlock,
      start,
      draw,
      form: (recipe: AnyRecipe): readonly FormField[] => form(own(recipe)),
      lacks: (recipe: AnyRecipe): string | null => lacks?.(own(recipe)) ?? null,
      /** Whether it can be a film. */
      isFilm: frames !== undefined,
      read: async (recipe: AnyRecipe, sources: FigureSources, reading: Reading = { purpose: 'page' }): Promise<ReadFigure> => {
        const asked = own(recipe);
        const data = await read(asked, sources, reading);
        return {
          draw: (layout: SheetLayout = asked.layout) => readable(layout, (sheet) => draw({ ...asked, layout: sheet }, data)),
          frames: (layout: SheetLayout = asked.layout) => frames?.({ ...asked, layout }, data) ?? null,
        };
      },
    };
  };
}
