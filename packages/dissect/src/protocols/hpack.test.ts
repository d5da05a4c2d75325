import { expect, test } from 'vitest'
import { bytesOf, hex, type Part } from '../testing/frames.ts'
import { FieldTable, type KeepField, LONGEST_BLOCK } from './hpack.ts'

const all: KeepField = (_name, value) => value

/** What a table reads of blocks that follow each other. */
function readAll(blocks: readonly (string | Uint8Array)[], keep: KeepField = all) {
  const table = new FieldTable()
  return blocks.map((block) => {
    const found = table.read(typeof block === 'string' ? hex(block) : block, keep)
    return found === undefined ? undefined : Object.fromEntries(found)
  })
}

/** A text in Huffman code from the codes of its bytes, filled up with ones. */
function coded(...codes: readonly (readonly [code: number, bits: number])[]): Uint8Array {
  let bits = codes.map(([code, length]) => code.toString(2).padStart(length, '0')).join('')
  bits += '1'.repeat((8 - (bits.length % 8)) % 8)
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2))
  return bytesOf(0x80 | bytes.length, bytes)
}
const added = (name: string, value: Part) => bytesOf(0x40, name.length, name, value)
const plain = (text: string) => bytesOf(text.length, text)
const INDEX = 0x80
/** Place of the newest entry. */
const NEWEST = 62

test('reads requests that point back to each other (RFC 7541 appendix C.4)', () => {
  const [first, second, third] = readAll([
    '828684418cf1e3c2e5f23a6ba0ab90f4ff',
    '828684be5886a8eb10649cbf',
    '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
  ])
  const head = {
    ':method': 'GET',
    ':scheme': 'http',
    ':path': '/',
    ':authority': 'www.example.com',
  }
  expect(first).toEqual(head)
  expect(second).toEqual({ ...head, 'cache-control': 'no-cache' })
  expect(third).toEqual({
    ...head,
    ':scheme': 'https',
    ':path': '/index.html',
    'custom-key': 'custom-value',
  })
})

test('lets the oldest entries go where the table is small (RFC 7541 appendix C.6)', () => {
  const [first, second, third] = readAll([
    `3fe101 488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c7
     8f0b97c8e9ae82ae43d3`,
    '4883640effc1c0bf',
    `88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd
     5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007`,
  ])
  const head = {
    ':status': '302',
    'cache-control': 'private',
    date: 'Mon, 21 Oct 2013 20:13:21 GMT',
    location: 'https://www.example.com',
  }
  expect(first).toEqual(head)
  expect(second).toEqual({ ...head, ':status': '307' })
  expect(third).toEqual({
    ...head,
    ':status': '200',
    date: 'Mon, 21 Oct 2013 20:13:22 GMT',
    'content-encoding': 'gzip',
    'set-cookie': 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
  })
})

test('knows codes of every length (RFC 7541 appendix B)', () => {
  const text = coded(
    [0x7, 5],
    [0x14, 6],
    [0x5c, 7],
    [0xf8, 8],
    [0x3f8, 10],
    [0x7fa, 11],
    [0xffa, 12],
    [0x1ffc, 13],
    [0x3ffc, 14],
    [0x7ffc, 15],
    [0x7fff0, 19],
    [0xffffffc, 28],
  )
  expect(readAll([added('a', text)])).toEqual([{ a: "o :&!'#]^<\\\u007f" }])
  // Text is UTF-8: the letter of two bytes, of 19 and 20 bits.
  const letter = coded([0x7fff1, 19], [0xfffe6, 20])
  expect(readAll([added('a', letter)])).toEqual([{ a: '\u00c0' }])
  const long = coded(
    [0x3ffffc, 22],
    [0x7fffea, 23],
    [0xffffea, 24],
    [0x3ffffee, 26],
    [0x3ffffffc, 30],
  )
  expect(readAll([added('a', long)])[0]).toBeDefined()
})

test.each([
  ['the code of the end', coded([0x3fffffff, 30], [0x3ffffffff, 34])],
  ['a filling of zeros', bytesOf(0x81, 0x18)],
  ['a filling of a whole byte', bytesOf(0x82, 0x1f, 0xff)],
  ['a text that is cut off', bytesOf(0x85, 0x1f)],
  ['a length without end', hex('7fffffffff82')],
])('%s is damage', (_case, text) => {
  expect(readAll([added('a', text)])).toEqual([undefined])
})

test('of a field that is not kept only its room in the table is known', () => {
  const keep: KeepField = (name, value) => (name === 'x' ? value : undefined)
  const cookie = added('cookie', plain('PLANTED'))
  const [, pointed, again, name] = readAll(
    [
      bytesOf(added('x', plain('1')), cookie),
      bytesOf(INDEX | (NEWEST + 1)),
      bytesOf(INDEX | NEWEST),
      bytesOf(0x40 | NEWEST, plain('PLANTED')),
    ],
    keep,
  )
  expect([pointed, again, name]).toEqual([{ x: '1' }, {}, {}])
  // A table of 64 bytes has room for one of both.
  const small = readAll([bytesOf(hex('3f21'), added('x', plain('1')), cookie), 'bf'], keep)
  expect(small[1]).toEqual({})
})

test('keeps the newest entries, and no more of them or of their text than it may', () => {
  const many = Array.from({ length: 200 }, (_, at) => added(`n${at}`, plain('v')))
  const blocks = [bytesOf(hex('3fe1ff03'), ...many), bytesOf(0xff, 0), 'ff7e', 'ff7f']
  const [, oldest, last, beyond] = readAll(blocks)
  expect(oldest).toEqual({ n134: 'v' })
  expect([last, beyond]).toEqual([{}, {}])
  const long = Array.from({ length: 12 }, (_, at) =>
    added(`n${at}`, bytesOf(0x7f, hex('8103'), 'v'.repeat(512))),
  )
  const table = readAll([bytesOf(hex('3fe1ff03'), ...long), 'c4', 'c5'])
  expect(table.slice(1)).toEqual([{ n5: 'v'.repeat(512) }, {}])
})

test('what nobody reads takes its place in the table by the lengths that were sent', () => {
  const keep: KeepField = (name, value) => (name.startsWith('n') ? value : undefined)
  const unread = added(`x${'y'.repeat(60)}`, plain('1'))
  const all = bytesOf(added('n1', plain('2')), unread, added('n3', plain('4')))
  // 35, 94 and 35 bytes (RFC 7541 section 4.1): all have room, then one byte is missing for the oldest.
  const [first, ...later] = readAll([all, 'be', 'bf', 'c0', hex('3f8401'), 'c0', 'be'], keep)
  expect(first).toEqual({ n1: '2', n3: '4' })
  expect(later).toEqual([{ n3: '4' }, {}, { n1: '2' }, {}, {}, { n3: '4' }])
})

test('after a block that is too long it reads on, without the entries of before', () => {
  const long = bytesOf(added('a', plain('1')), new Uint8Array(LONGEST_BLOCK).fill(0xbe))
  const blocks = [long, 'be', bytesOf(added('b', plain('2'))), 'be', 'bf']
  expect(readAll(blocks)).toEqual([{ a: '1' }, {}, { b: '2' }, { b: '2' }, {}])
  const cut = bytesOf(added('c', plain('3')), 0x40, hex('7f80ff00'), new Uint8Array(LONGEST_BLOCK))
  expect(readAll([cut])).toEqual([{ c: '3' }])
})
