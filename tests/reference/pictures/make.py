# Makes the pictures beside it and expected.json: what Pillow's Image.open(...).convert('RGB') (torchvision's loader) gives.
# PNG files are written here, chunk by chunk, in every colour type, depth and interlace; JPEG files by Pillow and by cjpeg of
# libjpeg-turbo, some of them patched. Made with Pillow 9.4 over libjpeg-turbo 2.1. Pillow clips 16-bit grey to 255 instead of
# scaling it; those files are expected scaled, and their clipped pixels are kept as `torchvision`.
import base64, json, os, random, struct, subprocess, zlib
from PIL import Image

here = os.path.dirname(os.path.abspath(__file__))
expected = {}


def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


PASSES = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def packed(row, depth):
    if depth == 16:
        return b''.join(struct.pack('>H', v) for v in row)
    if depth == 8:
        return bytes(row)
    out, per = bytearray(), 8 // depth
    for i in range(0, len(row), per):
        byte = 0
        for j in range(per):
            byte = byte << depth | (row[i + j] if i + j < len(row) else 0)
        out.append(byte)
    return bytes(out)


def filtered(rows, bpp, rng):
    out, above = bytearray(), None
    for row in rows:
        kind = rng.randrange(5)
        out.append(kind)
        for i, v in enumerate(row):
            a = row[i - bpp] if i >= bpp else 0
            b = above[i] if above else 0
            c = above[i - bpp] if above and i >= bpp else 0
            out.append((v - [0, a, b, (a + b) // 2, paeth(a, b, c)][kind]) & 255)
        above = row
    return bytes(out)


def png(name, width, height, colour, depth, interlace=0, chunks=(), most=None, split=None, levels=None):
    rng = random.Random(name)
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    most = (1 << depth) - 1 if most is None else most
    samples = [[[rng.choice(levels) if levels else rng.randint(0, most) for _ in range(channels)] for _ in range(width)] for _ in range(height)]
    bpp = max(1, channels * depth // 8)
    flat = lambda pixels: packed([v for pixel in pixels for v in pixel], depth)
    if interlace:
        raw = b''
        for x0, y0, dx, dy in PASSES:
            rows = [flat(samples[y][x0::dx]) for y in range(y0, height, dy)]
            if rows and rows[0]:
                raw += filtered(rows, bpp, rng)
    else:
        raw = filtered([flat(row) for row in samples], bpp, rng)
    data = zlib.compress(raw)
    parts = [data] if split is None else [data[i:i + split] for i in range(0, len(data), split)] + [b'']
    with open(os.path.join(here, name), 'wb') as f:
        f.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, depth, colour, 0, 0, interlace)))
        for kind, content in chunks:
            f.write(chunk(kind, content))
        for part in parts:
            f.write(chunk(b'IDAT', part))
        f.write(chunk(b'IEND', b''))
    if colour == 0 and depth == 16:
        keep(name, bytes(v[0] >> 8 for row in samples for v in row for _ in range(3)), width, height)
    else:
        keep(name)


def keep(name, pixels=None, width=0, height=0):
    image = Image.open(os.path.join(here, name)).convert('RGB')
    given = image.tobytes()
    entry = {'width': image.width, 'height': image.height, 'rgb': base64.b64encode(pixels or given).decode()}
    if pixels and pixels != given:
        entry['torchvision'] = base64.b64encode(given).decode()
    expected[name] = entry


def palette(entries, seed):
    rng = random.Random(seed)
    return bytes(rng.randrange(256) for _ in range(3 * entries))


for depth in (1, 2, 4, 8, 16):
    for interlace in (0, 1):
        i = '_interlaced' if interlace else ''
        png(f'grey{depth}{i}.png', 13, 11, 0, depth, interlace)
        if depth >= 8:
            png(f'rgb{depth}{i}.png', 9, 7, 2, depth, interlace)
            png(f'grey_alpha{depth}{i}.png', 9, 7, 4, depth, interlace)
            png(f'rgba{depth}{i}.png', 9, 7, 6, depth, interlace)
        if depth <= 8:
            entries = min(1 << depth, 200)
            png(f'palette{depth}{i}.png', 13, 11, 3, depth, interlace, [(b'PLTE', palette(entries, depth))], entries - 1)
png('palette4_trns.png', 13, 11, 3, 4, 0, [(b'PLTE', palette(16, 7)), (b'tRNS', bytes([0, 128, 255, 3]))])
png('palette8_trns_all.png', 13, 11, 3, 8, 1, [(b'PLTE', palette(20, 8)), (b'tRNS', bytes(range(20)))], 19)
png('palette2_short.png', 13, 11, 3, 2, 0, [(b'PLTE', palette(3, 9))], 2)
png('grey8_trns.png', 9, 7, 0, 8, 0, [(b'tRNS', struct.pack('>H', 7))], 15)
png('grey1_trns.png', 9, 7, 0, 1, 0, [(b'tRNS', struct.pack('>H', 1))])
png('grey2_trns.png', 9, 7, 0, 2, 0, [(b'tRNS', struct.pack('>H', 1))])
png('grey16_trns.png', 9, 7, 0, 16, 0, [(b'tRNS', struct.pack('>H', 1))])
png('grey16_small_values.png', 9, 7, 0, 16, 0, (), 900)
png('rgb8_trns.png', 9, 7, 2, 8, 0, [(b'tRNS', struct.pack('>HHH', 1, 1, 1))], levels=[1, 200])
png('rgb16_trns.png', 9, 7, 2, 16, 0, [(b'tRNS', struct.pack('>HHH', 1, 1, 1))])
png('rgb8_trns_one_pixel.png', 1, 1, 2, 8, 0, [(b'tRNS', struct.pack('>HHH', 1, 1, 1))])
png('rgb8_suggested_palette.png', 9, 7, 2, 8, 0, [(b'PLTE', palette(5, 10))])
png('rgba8_suggested_palette.png', 9, 7, 6, 8, 0, [(b'PLTE', palette(5, 11))])
png('rgb8_gamma_chunks.png', 9, 7, 2, 8, 0, [(b'gAMA', struct.pack('>I', 100000)), (b'pHYs', struct.pack('>IIB', 1, 1, 1)), (b'tEXt', b'Title\0words'), (b'sBIT', b'\5\6\5')])
png('rgb8_many_idat.png', 9, 7, 2, 8, 0, (), split=5)
for width, height in ((1, 1), (2, 3), (3, 2), (5, 1), (1, 9), (4, 4)):
    png(f'grey2_interlaced_{width}x{height}.png', width, height, 0, 2, 1)
    png(f'rgb8_interlaced_{width}x{height}.png', width, height, 2, 8, 1)


def scene(width, height, channels):
    """A smooth ground with hard edges: chroma that upsampling must treat as libjpeg does."""
    rng = random.Random(width * 1000 + height)
    image = Image.new('RGB', (width, height))
    for y in range(height):
        for x in range(width):
            base = (8 * x % 256, 11 * y % 256, (5 * x + 3 * y) % 256)
            image.putpixel((x, y), base if (x // 5 + y // 4) % 3 else tuple(rng.randrange(256) for _ in range(3)))
    return image.convert('L') if channels == 1 else image.convert('CMYK') if channels == 4 else image


def jpeg(name, image, **options):
    image.save(os.path.join(here, name), 'JPEG', **options)
    keep(name)


def cjpeg(name, image, *options):
    source = '/tmp/picture.ppm'
    image.save(source)
    subprocess.run(['cjpeg', *options, '-outfile', os.path.join(here, name), source], check=True)
    keep(name)


def patched(source, name, change):
    with open(os.path.join(here, source), 'rb') as f:
        data = f.read()
    with open(os.path.join(here, name), 'wb') as f:
        f.write(change(data))
    keep(name)


def without(data, marker):
    """The file less its segment of that marker."""
    at = data.index(b'\xff' + bytes([marker]))
    length = struct.unpack('>H', data[at + 2:at + 4])[0]
    return data[:at] + data[at + 2 + length:]


for progressive in (False, True):
    p = '_progressive' if progressive else ''
    jpeg(f'jpeg_444{p}.jpg', scene(37, 29, 3), quality=85, subsampling=0, progressive=progressive)
    jpeg(f'jpeg_422{p}.jpg', scene(37, 29, 3), quality=75, subsampling=1, progressive=progressive)
    jpeg(f'jpeg_420{p}.jpg', scene(37, 29, 3), quality=90, subsampling=2, progressive=progressive)
    jpeg(f'jpeg_grey{p}.jpg', scene(21, 18, 1), quality=80, progressive=progressive)
    jpeg(f'jpeg_cmyk{p}.jpg', scene(21, 18, 4), quality=88, progressive=progressive)
    for sample in ('1x2', '4x1', '4x2', '1x4', '2x2,1x2,1x2', '2x2,2x1,2x1', '3x1', '1x1,2x2,2x2', '2x1,1x1,2x1'):
        q = ['-progressive'] if progressive else ['-baseline']
        cjpeg(f'jpeg_sample_{sample.replace(",", "_")}{p}.jpg', scene(43, 27, 3), *q, '-quality', '80', '-sample', sample)
cjpeg('jpeg_restart_blocks.jpg', scene(37, 29, 3), '-restart', '2B', '-quality', '70')
cjpeg('jpeg_restart_rows_420.jpg', scene(37, 61, 3), '-restart', '1', '-sample', '2x2', '-optimize')
cjpeg('jpeg_restart_progressive.jpg', scene(37, 29, 3), '-restart', '3B', '-progressive', '-sample', '2x2')
cjpeg('jpeg_rgb.jpg', scene(37, 29, 3), '-rgb', '-quality', '85')
cjpeg('jpeg_16bit_tables.jpg', scene(37, 29, 3), '-quality', '1')
cjpeg('jpeg_full_quality.jpg', scene(37, 29, 3), '-quality', '100', '-sample', '1x1')
for width, height in ((1, 1), (2, 2), (3, 3), (5, 4), (8, 8), (16, 16), (17, 33), (4, 40)):
    jpeg(f'jpeg_420_{width}x{height}.jpg', scene(width, height, 3), quality=90, subsampling=2)
patched('jpeg_cmyk.jpg', 'jpeg_ycck.jpg', lambda d: d.replace(d[d.index(b'Adobe'):d.index(b'Adobe') + 12], d[d.index(b'Adobe'):d.index(b'Adobe') + 11] + b'\2'))
patched('jpeg_cmyk.jpg', 'jpeg_cmyk_without_adobe.jpg', lambda d: without(d, 0xee))
patched('jpeg_444.jpg', 'jpeg_adobe_rgb.jpg', lambda d: b'\xff\xd8\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0' + without(d, 0xe0)[2:])
patched('jpeg_444.jpg', 'jpeg_adobe_ycc.jpg', lambda d: b'\xff\xd8\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\1' + without(d, 0xe0)[2:])
patched('jpeg_420.jpg', 'jpeg_without_jfif.jpg', lambda d: without(d, 0xe0))
patched('jpeg_420.jpg', 'jpeg_fill_bytes.jpg', lambda d: d.replace(b'\xff\xda', b'\xff\xff\xff\xda') + b'trailing')
exif = Image.Exif()
exif[0x0112] = 6
jpeg('jpeg_orientation_6.jpg', scene(21, 18, 3), quality=90, exif=exif.tobytes())

with open(os.path.join(here, 'expected.json'), 'w') as f:
    json.dump(expected, f, indent=0, sort_keys=True)
    f.write('\n')
print(len(expected), sorted(n for n in expected if 'torchvision' in expected[n]))
