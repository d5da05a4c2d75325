import { Cursor } from '../cursor.ts'

/** Bytes of the dynamic table until its sender says otherwise, and most that are believed (RFC 7541 section 4.2). */
const FIRST_CAPACITY = 4096
const MOST_CAPACITY = 1 << 16
/** Bounds of what is kept, whatever the capacity: the newest entries of this number, and of this much text. */
const MOST_ENTRIES = 128
const MOST_TEXT = 4096
/** Bytes and fields of one header block that are read. */
export const LONGEST_BLOCK = 1 << 13
const MOST_FIELDS = 256
const LONGEST_NAME = 64
const LONGEST_VALUE = 512
/** An entry counts for so much more than its texts (RFC 7541 section 4.1). */
const ENTRY_BYTES = 32

/** Names, each with its values, of the static table (RFC 7541 appendix A). */
const STATIC = `:authority
:method=GET|POST
:path=/|/index.html
:scheme=http|https
:status=200|204|206|304|400|404|500
accept-charset
accept-encoding=gzip, deflate
accept-language accept-ranges accept access-control-allow-origin age allow authorization cache-control
content-disposition content-encoding content-language content-length content-location content-range content-type
cookie date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since
last-modified link location max-forwards proxy-authenticate proxy-authorization range referer refresh retry-after
server set-cookie strict-transport-security transfer-encoding user-agent vary via www-authenticate`

/** Bits of the code of each byte, and of the end, as digits of base 36: all else of the code follows (RFC 7541 appendix B). */
const LENGTHS =
  'dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6ca' +
  'd67777777777777777777777878djde6f56565666577666567655677777fbeds' +
  'kmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmmn' +
  'qqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrqu'

/** A header field; its value is what the reader keeps of it. */
interface Entry {
  readonly name: string
  /** Length of the name as it was sent, which counts, whatever is kept of it. */
  readonly nameLength: number
  readonly value: string
  readonly size: number
}

const STATIC_ENTRIES: readonly Entry[] = STATIC.split('\n').flatMap((line) => {
  const [names = '', values] = line.split('=')
  if (values !== undefined) return values.split('|').map((value) => staticEntry(names, value))
  return names.split(' ').map((name) => staticEntry(name, ''))
})

function staticEntry(name: string, value: string): Entry {
  return { name, nameLength: name.length, value, size: 0 }
}

/** The code is canonical: shorter codes come first, and among those of one length the lower byte. */
const CODE = codeOf(Array.from(LENGTHS, (digit) => Number.parseInt(digit, 36)))
const LONGEST_CODE = 30
const END = 256
const decoded = new Uint8Array(LONGEST_VALUE)

interface Code {
  /** For each length its first code, how many there are, and where their symbols begin. */
  readonly first: Int32Array
  readonly count: Int32Array
  readonly start: Int32Array
  readonly symbols: Int32Array
}

function codeOf(lengths: readonly number[]): Code {
  const [first, count, start] = [0, 1, 2].map(() => new Int32Array(32)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ]
  const symbols: number[] = []
  for (let length = 1; length < 32; length++) {
    first[length] = (first[length - 1]! + count[length - 1]!) << 1
    start[length] = symbols.length
    for (const [symbol, own] of lengths.entries()) if (own === length) symbols.push(symbol)
    count[length] = symbols.length - start[length]!
  }
  return { first, count, start, symbols: Int32Array.from(symbols) }
}

/** What is to be kept of a field; undefined for one that nobody reads, of which nothing is kept. */
export type KeepField = (name: string, value: string) => string | undefined

/** What one side has said in header fields of HTTP/2, as far as later ones point back to it (RFC 7541). */
export class FieldTable {
  /** The newest last. */
  readonly #entries: Entry[] = []
  #capacity = FIRST_CAPACITY
  #size = 0
  #text = 0

  /**
   * First value of each field of a header block that is kept; undefined where the block is damaged. Of one longer than
   * `LONGEST_BLOCK` the beginning is read.
   */
  read(bytes: Uint8Array, keep: KeepField): ReadonlyMap<string, string> | undefined {
    const found = new Map<string, string>()
    const block = new Cursor(bytes, 0, Math.min(bytes.length, LONGEST_BLOCK))
    for (let count = 0; block.remaining > 0 && count < MOST_FIELDS; count++) {
      const entry = this.#readField(block, keep)
      if (!block.ok) break
      if (entry !== undefined && entry.value !== '' && !found.has(entry.name)) {
        found.set(entry.name, entry.value)
      }
    }
    const isWhole = block.ok && block.remaining === 0 && bytes.length <= LONGEST_BLOCK
    // What the rest would have added is not known. Later fields count from the newest, so they can be read again.
    if (!isWhole) this.forget()
    return block.ok || bytes.length > LONGEST_BLOCK ? found : undefined
  }

  /** Forgets all entries: some that were added since were not seen. */
  forget(): void {
    this.#entries.length = 0
    this.#size = 0
    this.#text = 0
  }

  #readField(block: Cursor, keep: KeepField): Entry | undefined {
    const first = block.peek()
    if (first >= 0x80) return this.#kept(this.#at(prefixed(block, 7)), keep)
    if (first >= 0x20 && first < 0x40) {
      this.#capacity = Math.min(prefixed(block, 5), MOST_CAPACITY)
      this.#evict()
      return undefined
    }
    const isAdded = first >= 0x40
    const index = prefixed(block, isAdded ? 6 : 4)
    const known = index === 0 ? undefined : this.#at(index)
    const [own, ownLength] = index === 0 ? readText(block, LONGEST_NAME) : ['', 0]
    const name = known?.name ?? own
    const [text, length] = readText(block, LONGEST_VALUE)
    if (!block.ok) return undefined
    const value = name === '' ? undefined : keep(name, text)
    const nameLength = known?.nameLength ?? ownLength
    const size = nameLength + length + ENTRY_BYTES
    // A name that nobody reads would be kept for nothing, and need not be known when it is pointed at.
    const entry = { name: value === undefined ? '' : name, nameLength, value: value ?? '', size }
    if (isAdded) this.#add(entry)
    return value === undefined ? undefined : entry
  }

  /** Of the static table nothing was kept yet. */
  #kept(entry: Entry | undefined, keep: KeepField): Entry | undefined {
    if (entry === undefined || entry.size > 0) return entry
    const value = keep(entry.name, entry.value)
    return value === undefined ? undefined : { ...entry, value }
  }

  #at(index: number): Entry | undefined {
    if (index <= STATIC_ENTRIES.length) return STATIC_ENTRIES[index - 1]
    return this.#entries[this.#entries.length - (index - STATIC_ENTRIES.length)]
  }

  #add(entry: Entry): void {
    this.#entries.push(entry)
    this.#size += entry.size
    this.#text += entry.name.length + entry.value.length
    this.#evict()
  }

  #evict(): void {
    while (
      this.#size > this.#capacity ||
      this.#text > MOST_TEXT ||
      this.#entries.length > MOST_ENTRIES
    ) {
      const oldest = this.#entries.shift()
      if (oldest === undefined) return
      this.#size -= oldest.size
      this.#text -= oldest.name.length + oldest.value.length
    }
  }
}

/** A number that begins in the low bits of a byte (RFC 7541 section 5.1). */
function prefixed(block: Cursor, bits: number): number {
  const most = (1 << bits) - 1
  let value = block.u8() & most
  if (value < most) return value
  for (let shift = 0; shift <= 21; shift += 7) {
    const byte = block.u8()
    value += (byte & 0x7f) << shift
    if (byte < 0x80) return value
  }
  block.ok = false
  return 0
}

/** A text, up to `most` bytes of it, and how long it is as a whole (RFC 7541 section 5.2). */
function readText(block: Cursor, most: number): readonly [string, number] {
  const isCoded = block.peek() >= 0x80
  const text = block.take(prefixed(block, 7))
  if (!isCoded) {
    const { remaining } = text
    return [text.utf8(Math.min(remaining, most)), remaining]
  }
  const length = decode(text.view(text.remaining), decoded)
  if (length < 0) block.ok = false
  return [
    new Cursor(decoded, 0, Math.min(length, most)).utf8(Math.min(Math.max(length, 0), most)),
    length,
  ]
}

/** Decodes as many bytes as there is room for; the length of the whole text, or -1 where it is damaged. */
function decode(coded: Uint8Array, room: Uint8Array): number {
  const { first, count, start, symbols } = CODE
  let length = 0
  let code = 0
  let bits = 0
  for (const byte of coded) {
    for (let bit = 7; bit >= 0; bit--) {
      code = (code << 1) | ((byte >>> bit) & 1)
      const place = code - first[++bits]!
      if (place >= count[bits]!) {
        if (bits >= LONGEST_CODE) return -1
        continue
      }
      const symbol = symbols[start[bits]! + place]!
      if (symbol === END) return -1
      if (length < room.length) room[length] = symbol
      length++
      code = 0
      bits = 0
    }
  }
  // The last byte is filled up with the beginning of the code of the end: ones.
  return bits < 8 && code === (1 << bits) - 1 ? length : -1
}
