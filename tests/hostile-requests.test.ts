// Nobody on this machine ends or fills the browser host: a table of what can be sent to its port, by those
// it does not know and by a socket it admitted, and after each of them the host answers as before.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startStudioHost, type StudioHost } from './browser/studio-host';
import { frame, HostilePeer } from './hostile-peer';

let host: StudioHost;
let peer: HostilePeer;

beforeAll(async () => {
  host = await startStudioHost();
  const { origin, port, hash } = new URL(host.url);
  const session = await fetch(`${origin}/session`, { method: 'POST', body: hash.replace('#token=', '') });
  peer = new HostilePeer(Number(port), session.headers.get('set-cookie')?.split(';')[0] ?? '');
});
afterAll(() => host?.stop());

/** A page is served, the session holds, and a call is answered. */
async function expectAnswers(): Promise<void> {
  const origin = `http://127.0.0.1:${peer.port}`;
  expect((await fetch(origin)).status).toBe(200);
  expect((await fetch(`${origin}/session`, { method: 'POST', headers: { cookie: peer.cookie } })).status).toBe(200);
  const socket = await peer.socket('/rpc');
  const answer = new Promise<string>((resolve) => socket.once('message', (data) => resolve(String(data))));
  socket.send(JSON.stringify({ i: '1', p: { u: '/app/info' } }));
  expect(JSON.parse(await answer)).toMatchObject({ i: '1', p: { b: { json: { host: 'browser' } } } });
  socket.terminate();
}

/** Many at once, as a loop in a shell would. */
const MANY = 100;
const many = (attack: () => Promise<unknown>): Promise<unknown> => Promise.all(Array.from({ length: MANY }, attack));

describe('without a token the host goes on after', () => {
  const attacks: Readonly<Record<string, () => Promise<unknown>>> = {
    'refused upgrades that are reset at once': () => many(() => peer.resetAtOnce(peer.upgrade('/rpc', false))),
    'refused upgrades that are reset when refused': () => many(() => peer.resetAfterAnswer(peer.upgrade('/engine', false))),
    'refused upgrades with megabytes behind them': () =>
      many(() => peer.resetAfterAnswer(peer.upgrade('/rpc', false), Buffer.alloc(2 ** 20))),
    'an upgrade to something else': () => peer.exchange(peer.head('GET /rpc', { Connection: 'Upgrade', Upgrade: 'h2c' })),
    'requests that are reset before their answer': () => many(() => peer.resetAtOnce(peer.head('GET /'))),
    'requests that are reset amid their answer': () => many(() => peer.resetAfterAnswer(peer.head('GET /'), peer.head('GET /'))),
    'heads that are never ended': () => many(() => peer.resetAtOnce('GET / HTTP/1.1\r\nHost: 127.0.0.1')),
    'bodies that are cut off': () => many(() => peer.resetAtOnce(peer.head('POST /session', { 'Content-Length': '100' }), 'half')),
    'chunks that are none': () => peer.exchange(peer.head('POST /session', { 'Transfer-Encoding': 'chunked' }), 'zz\r\n'),
    'what is no HTTP': () => peer.exchange(Uint8Array.from({ length: 1000 }, (_, index) => (index * 37) % 256)),
    'a tunnel': () => peer.exchange(peer.head('CONNECT 127.0.0.1:22')),
    'paths and methods that are none': async () => {
      for (const line of [
        'GET //',
        'GET /%',
        'GET http://127.0.0.1/',
        'OPTIONS *',
        'TRACE /',
        'PROPFIND /',
        'GET //[',
        'GET /\u00ff\u00fe',
      ]) {
        expect(await peer.exchange(peer.head(line, { Connection: 'close' })), line).toMatch(/^HTTP\/1.1 (400|404|405|403)/);
      }
    },
    'heads that are too large': () => peer.exchange(peer.head('GET /', { 'X-Long': 'x'.repeat(100_000) })),
  };
  for (const [name, attack] of Object.entries(attacks)) {
    test(name, async () => {
      await attack();
      await expectAnswers();
    });
  }
});

describe('without a token', () => {
  test.each(['/session', '/bulk/0123456789abcdef', '/dataset', '/'])('a large body to %s is refused before it is sent', async (path) => {
    const method = path.startsWith('/bulk') ? 'PUT' : 'POST';
    const announced: readonly Readonly<Record<string, string>>[] = [
      { 'Content-Length': String(300 * 2 ** 20) },
      { 'Transfer-Encoding': 'chunked' },
    ];
    for (const headers of announced) {
      const first = 'Transfer-Encoding' in headers ? `400\r\n${'x'.repeat(1024)}\r\n` : 'x'.repeat(1024);
      const socket = await peer.write(peer.head(`${method} ${path}`, headers), first);
      const answer = await new Promise<string>((resolve) => socket.once('data', (chunk: Buffer) => resolve(chunk.toString())));
      expect(answer).toMatch(/^HTTP\/1.1 4(13|03|05) /);
      socket.resetAndDestroy();
    }
    await expectAnswers();
  });

  test.runIf(process.platform === 'linux')('a body that is sent all the same is not kept', async () => {
    const { memoryPeak } = host;
    const [before, chunk, chunks] = [await memoryPeak(), Buffer.alloc(2 ** 20), 300];
    const socket = await peer.write(peer.head('POST /session', { 'Content-Length': String(chunks * chunk.length), Connection: 'close' }));
    const ended = peer.readToEnd(socket);
    for (let sent = 0; sent < chunks && socket.writable; sent++) {
      if (!socket.write(chunk)) await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
    }
    expect(await ended).toMatch(/^HTTP\/1.1 413 |^$/);
    // A third of what was sent: far more than reading and dropping it takes.
    expect((await memoryPeak()) - before).toBeLessThan(100 * 2 ** 20);
  });
});

describe('an admitted socket ends itself and nothing else by', () => {
  /** Name -> bytes that are no frame; see RFC 6455, 5.2, 5.5, 7.4 and 8.1. */
  const frames: Readonly<Record<string, Uint8Array>> = {
    'an unmasked frame': Uint8Array.from([0x81, 5, 104, 101, 108, 108, 111]),
    'a reserved bit': frame(0xc1, 1, [65]),
    'an opcode that is none': frame(0x83, 0),
    'a continuation of nothing': frame(0x80, 1, [65]),
    'text that is not UTF-8': frame(0x81, 2, [0xc3, 0x28]),
    'a length of 2^63': frame(0x81, 127, [], [0x80, 0, 0, 0, 0, 0, 0, 0]),
    'a length beyond the limit': frame(0x81, 127, [], [0, 0, 0, 1, 0, 0, 0, 0]),
    'a close code that is none': frame(0x88, 2, [0, 1]),
    'a close frame of one byte': frame(0x88, 1, [3]),
    'a ping in parts': frame(0x09, 0),
    'a ping that is too long': frame(0x89, 126, new Array<number>(200).fill(65), [0, 200]),
  };
  const paths = ['/rpc', '/engine'];
  for (const [name, bytes] of Object.entries(frames)) {
    test(name, async () => {
      for (const path of paths) {
        expect(await peer.exchange(peer.upgrade(path), bytes), path).toMatch(/^HTTP\/1.1 101 /);
        await peer.resetAfterAnswer(peer.upgrade(path), bytes);
      }
      await expectAnswers();
    });
  }

  test('a reset amid a frame', async () => {
    for (const path of paths) await many(() => peer.resetAfterAnswer(peer.upgrade(path), frame(0x81, 100, [104])));
    await expectAnswers();
  });
});

describe('an admitted socket is closed, with 1003, for', () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000);
  const texts = ['hello', 'null', '5', '""', '[]', '{}', '{"device":1,"software":"no"}', deep, '{"device"', ''];
  test.each(titled([...texts, Uint8Array.of(255, 255), Uint8Array.of(0)]))('%s as an offer of an engine', async (_title, text) => {
    expect(await peer.say('/engine', [text])).toBe(1003);
    await expectAnswers();
  });

  const offer = JSON.stringify({ device: 'a GPU', software: false });
  const replies = [
    ...texts,
    '{"url":5,"body":null}',
    '{"url":"/bulk/unknown","body":null}',
    '{"url":"../../etc/passwd","body":null}',
    ...['null', '[]', '{"id":1}', '{"type":"done","id":"1"}', '{"type":"failed","id":1}', '{"type":"failed","id":1,"error":{}}'].map(wired),
    ...['{"$":"array","type":"constructor","offset":0,"length":1}', '{"$":"map","entries":3}', '{"$":"what"}', deep].map(wired),
    ...['{"i":1,"p":{}}', '{"i":"1"}', '{"i":"1","p":[5]}', '{"i":"1","t":9,"p":{}}', '{"i":"1","t":3,"p":{"e":"what"}}'].map(wired),
    ...['{"$":"array","type":"constructor","offset":0,"length":1}', '{"$":"array","type":"Int8Array","length":1}', '{"$":"what"}', deep]
      .map((body) => `{"i":"1","p":{"b":${body}}}`)
      .map(wired),
  ];
  test.each(titled(replies))('%s as a reply of an engine', async (_title, reply) => {
    expect(await peer.say('/engine', [offer, reply])).toBe(1003);
    await expectAnswers();
  });

  const calls = [
    ...texts,
    '{"i":1,"p":{"u":"/app/info"}}',
    '{"i":"1"}',
    '{"i":"1","p":{"u":5}}',
    '{"i":"1","p":{"u":"http://["}}',
    '{"i":"1","p":{"u":"/app/info","h":{"content-type":5}}}',
    Uint8Array.of(255, 255),
    Uint8Array.of(0x7b, 255),
  ];
  test.each(titled(calls))('%s as a call', async (_title, call) => {
    expect(await peer.say('/rpc', [call])).toBe(1003);
    await expectAnswers();
  });
});

describe('an admitted session is told no for', () => {
  const names = ['__proto__', 'constructor', 'app/__proto__', 'app/info/constructor', '%00', '..%2f..', 'app/nothing'];
  test.each(names)('a call of %s', async (name) => {
    const socket = await peer.socket('/rpc');
    const answer = new Promise<string>((resolve) => socket.once('message', (data) => resolve(String(data))));
    socket.send(JSON.stringify({ i: '1', p: { u: `/${name}` } }));
    expect(JSON.parse(await answer)).toMatchObject({ i: '1', p: { s: 404 } });
    socket.terminate();
    await expectAnswers();
  });

  test('uploads that break off, and names and ranges that are none', async () => {
    const id = '/bulk/0123456789abcdef';
    const own = { Cookie: peer.cookie, Connection: 'close' };
    const whole = { ...own, 'Content-Length': '4' };
    const broken = { ...own, 'Content-Length': '1000000' };
    for (const path of [id, `${id}?name=a.pth`]) await many(() => peer.resetAtOnce(peer.head(`PUT ${path}`, broken), 'half'));
    for (const name of ['%00', '..', '.', '', '%2e%2e%2f..', 'x'.repeat(5000)]) {
      expect(await peer.exchange(peer.head(`PUT ${id}?name=${name}`, whole), 'four'), name).toMatch(/^HTTP\/1.1 400 /);
    }
    expect(await peer.exchange(peer.head(`PUT ${id}?name=..%2f..%2fa.pth`, whole), 'four')).toMatch(/^HTTP\/1.1 201 /);
    for (const range of ['bytes=9-1', 'bytes=-', 'bytes=99999999999999999999-', 'lines=1-2']) {
      expect(await peer.exchange(peer.head(`GET ${id}`, { ...own, Range: range })), range).toMatch(/^HTTP\/1.1 (200|416) /);
    }
    for (const body of ['null', 'x', '{}', deepQuestion]) {
      const head = peer.head('POST /dataset', { ...own, 'Content-Length': String(body.length) });
      expect(await peer.exchange(head, body), body.slice(0, 20)).toMatch(/^HTTP\/1.1 400 /);
    }
    await expectAnswers();
  });
});

const deepQuestion = `{"reference":${'['.repeat(10_000)}${']'.repeat(10_000)}}`;

/** Messages behind what a test's name tells of them. */
function titled(messages: readonly (string | Uint8Array)[]): [string, string | Uint8Array][] {
  return messages.map((message) => [
    typeof message === 'string' ? JSON.stringify(message.slice(0, 80)) : `bytes ${message.join(' ')}`,
    message,
  ]);
}

/** A reply as an engine sends it, without arrays. */
function wired(body: string): string {
  return `{"url":null,"body":${body}}`;
}
