// The published data sets: which can be fetched from their official addresses, with the checksums published
// there, and which only their owners hand out. Further ones, of a lab's own server, come as JSON of the same shape.
import { z } from 'zod';
import { count, type Stored } from '../base/sent';
import { suggestionText } from '../base/nearest-name';
import { UserError } from '../base/user-error';

const publishedFile = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  /** Published checksum. */
  md5: z.string().regex(/^[0-9a-f]{32}$/, 'expected an MD5 of 32 hexadecimal digits, lower case'),
  /** For a .tar.gz: the folder all of it lies in. */
  unpacksTo: z
    .string()
    .regex(/^[\w][\w.-]*$/, 'expected the name of a folder')
    .optional(),
});

const publishedDataset = z.strictObject({
  name: z.string().regex(/^[\w][\w.-]*$/, 'expected letters, digits, dots and dashes'),
  title: z.string(),
  /** What is in it. */
  says: z.string(),
  /** Bytes to fetch, in millions, for the user to decide by. */
  megabytes: z.number(),
  /** Its makers' page. */
  page: z.string(),
  /** What its makers ask of users; null where they state nothing. */
  terms: z.string().nullable(),
  files: z.array(publishedFile).min(1),
});

/** A file of a published data set. */
export type PublishedFile = Stored<z.infer<typeof publishedFile>>;
/** A data set that can be fetched. */
export type PublishedDataset = Stored<z.infer<typeof publishedDataset>>;

const restrictedDataset = z.object({
  name: z.string(),
  title: z.string(),
  page: z.string(),
  /** Why it is not fetched here, and what to do instead. */
  says: z.string(),
});
/** A data set that its owners hand out themselves. */
export type RestrictedDataset = Stored<z.infer<typeof restrictedDataset>>;

/** Data sets that can be fetched, and those only their owners hand out. */
export const publishedDatasetsSchema = z.object({ fetchable: z.array(publishedDataset), restricted: z.array(restrictedDataset) });

const downloadProgress = z.object({
  file: z.string(),
  /** Bytes so far. */
  received: count,
  /** Bytes in all, or null if the server does not say. */
  total: count.nullable(),
});
/** How much of a file has arrived (been checked, unpacked). */
export type DownloadProgress = Stored<z.infer<typeof downloadProgress>>;

export const fetchProgressSchema = downloadProgress.extend({
  stage: z.enum(['download', 'check', 'unpack']),
  /** Place of the file among the data set's, from 1. */
  number: count,
  files: count,
});
/** Where a fetch stands. */
export type FetchProgress = Stored<z.infer<typeof fetchProgressSchema>>;

const KRIZ = 'https://www.cs.toronto.edu/~kriz';
const MNIST = 'https://ossci-datasets.s3.amazonaws.com/mnist';
const FASHION = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com';
const CIFAR_TERMS = 'Its authors ask to cite: Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009.';

export const PUBLISHED_DATASETS: readonly PublishedDataset[] = [
  {
    name: 'cifar10',
    title: 'CIFAR-10',
    says: '60,000 colour pictures of 32x32 in 10 classes, binary version',
    megabytes: 170,
    page: `${KRIZ}/cifar.html`,
    terms: CIFAR_TERMS,
    files: [{ url: `${KRIZ}/cifar-10-binary.tar.gz`, md5: 'c32a1d4ab5d03f1284b67883e8d87530', unpacksTo: 'cifar-10-batches-bin' }],
  },
  {
    name: 'cifar100',
    title: 'CIFAR-100',
    says: '60,000 colour pictures of 32x32 in 100 classes, binary version',
    megabytes: 169,
    page: `${KRIZ}/cifar.html`,
    terms: CIFAR_TERMS,
    files: [{ url: `${KRIZ}/cifar-100-binary.tar.gz`, md5: '03b5dce01913d631647c71ecec9e9cb8', unpacksTo: 'cifar-100-binary' }],
  },
  {
    name: 'cifar10-python',
    title: 'CIFAR-10, python version',
    says: 'the same pictures in the files that torchvision reads',
    megabytes: 170,
    page: `${KRIZ}/cifar.html`,
    terms: CIFAR_TERMS,
    files: [{ url: `${KRIZ}/cifar-10-python.tar.gz`, md5: 'c58f30108f718f92721af3b95e74349a', unpacksTo: 'cifar-10-batches-py' }],
  },
  {
    name: 'cifar100-python',
    title: 'CIFAR-100, python version',
    says: 'the same pictures in the files that torchvision reads',
    megabytes: 169,
    page: `${KRIZ}/cifar.html`,
    terms: CIFAR_TERMS,
    files: [{ url: `${KRIZ}/cifar-100-python.tar.gz`, md5: 'eb9058c3a382ffc7106e4002c42a8d85', unpacksTo: 'cifar-100-python' }],
  },
  {
    name: 'mnist',
    title: 'MNIST',
    says: '70,000 handwritten digits of 28x28, grey',
    megabytes: 12,
    page: 'http://yann.lecun.com/exdb/mnist/',
    terms: null,
    files: [
      { url: `${MNIST}/train-images-idx3-ubyte.gz`, md5: 'f68b3c2dcbeaaa9fbdd348bbdeb94873' },
      { url: `${MNIST}/train-labels-idx1-ubyte.gz`, md5: 'd53e105ee54ea40749a09fcbcd1e9432' },
      { url: `${MNIST}/t10k-images-idx3-ubyte.gz`, md5: '9fb629c4189551a2d022fa330f9573f3' },
      { url: `${MNIST}/t10k-labels-idx1-ubyte.gz`, md5: 'ec29112dd5afa0611ce80d1b7f02629c' },
    ],
  },
  {
    name: 'fashion-mnist',
    title: 'Fashion-MNIST',
    says: '70,000 pictures of clothes of 28x28, grey, in 10 classes',
    megabytes: 31,
    page: 'https://github.com/zalandoresearch/fashion-mnist',
    terms: 'MIT License, Copyright 2017 Zalando SE.',
    files: [
      { url: `${FASHION}/train-images-idx3-ubyte.gz`, md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d' },
      { url: `${FASHION}/train-labels-idx1-ubyte.gz`, md5: '25c81989df183df01b3e8a0aad5dffbe' },
      { url: `${FASHION}/t10k-images-idx3-ubyte.gz`, md5: 'bef4ecab320f06d8554ea6380940ec79' },
      { url: `${FASHION}/t10k-labels-idx1-ubyte.gz`, md5: 'bb300cfdad3c16e7a12a480ee83cd310' },
    ],
  },
];

export const RESTRICTED_DATASETS: readonly RestrictedDataset[] = [
  {
    name: 'imagenet',
    title: 'ImageNet (ILSVRC 2012)',
    page: 'https://www.image-net.org/download.php',
    says: 'needs an account and the acceptance of its terms (non-commercial research). Unpack it to train/CLASS/*.JPEG and val/CLASS/*.JPEG, then use that folder',
  },
  {
    name: 'cityscapes',
    title: 'Cityscapes',
    page: 'https://www.cityscapes-dataset.com',
    says: 'needs an account and the acceptance of its licence (non-commercial). Unpack leftImg8bit_trainvaltest.zip and gtFine_trainvaltest.zip into one folder, then use that folder',
  },
  {
    name: 'lfw',
    title: 'Labeled Faces in the Wild',
    page: 'https://vis-www.cs.umass.edu/lfw/',
    says: 'shows real people and is handed out by its makers, whose terms are to be read first. Unpack the aligned pictures to lfw/NAME/NAME_0001.jpg with pairs.txt beside lfw, then use that folder',
  },
  {
    name: 'megaface',
    title: 'MegaFace',
    page: 'http://megaface.cs.washington.edu',
    says: 'is no longer handed out by its makers. A copy of your own: probes/NAME/*.jpg and distractors/**/*.jpg in one folder, then use that folder',
  },
];

/** Further data sets from JSON. Throws UserError naming the entry that is wrong; `where` says which file it is. */
export function parsePublished(json: unknown, where: string): readonly PublishedDataset[] {
  const parsed = z.array(publishedDataset).safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(`${where}: ${issue.path.join('.') || 'the whole'}: ${issue.message}; see repmlp fetch --help for what is expected`);
}

/** The data set of that name. Throws UserError with the nearest name, or saying how one that is not fetched is had. */
export function publishedNamed(name: string, known: readonly PublishedDataset[] = PUBLISHED_DATASETS): PublishedDataset {
  const found = known.find((dataset) => dataset.name === name);
  if (found) return found;
  const restricted = RESTRICTED_DATASETS.find((dataset) => dataset.name === name.toLowerCase());
  if (restricted) throw new UserError(`${restricted.title} cannot be fetched from here: it ${restricted.says} (${restricted.page})`);
  const names = known.map((dataset) => dataset.name);
  throw new UserError(`no data set '${name}' can be fetched; ${suggestionText(name, names)}. Others are opened as a folder`);
}
