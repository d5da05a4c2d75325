import type { Attribute } from '../../vocabulary.ts'
import type { Vocabulary } from '../vocabulary.ts'
import { typeOfWords } from './device-words.ts'
import type { Draft, DraftOrRejection } from './draft.ts'
import { readTags } from './tags.ts'

/** Files of recog by the field of ours that shows the same text. */
const FIELDS: Readonly<Record<string, string>> = {
  dhcp_vendor_class: 'dhcp.vendor-class',
  ftp_banners: 'ftp.banner',
  html_title: 'http.title',
  http_servers: 'http.server',
  http_xpoweredby: 'http.powered-by',
  imap_banners: 'imap.banner',
  mysql_banners: 'mysql.version',
  pop_banners: 'pop3.banner',
  rtsp_servers: 'rtsp.server',
  sip_banners: 'sip.server',
  sip_user_agents: 'sip.user-agent',
  smb_native_lm: 'smb.native-lan-manager',
  smb_native_os: 'smb.native-os',
  smtp_banners: 'smtp.banner',
  snmp_sysdescr: 'snmp.sys-descr',
  snmp_sysobjid: 'snmp.sys-object-id',
  ssh_banners: 'ssh.software',
  telnet_banners: 'telnet.banner',
}

interface RecogEntry {
  readonly pattern: string
  readonly flags: string
  readonly params: Map<string, string>
  readonly examples: string[]
}

/** Reads one file of recog; `name` is its file name. */
export function readRecog(name: string, xml: string, vocabulary: Vocabulary): DraftOrRejection[] {
  const base = name.replace(/\.xml$/, '')
  const field = FIELDS[base]
  return entriesOf(xml).map((entry, index) => {
    const where = `${name} entry ${index + 1}`
    if (field === undefined) return { where, reason: `we do not observe what ${name} is about` }
    return draftOf(
      entry,
      { where, id: `recog-${base.replaceAll('_', '-')}-${index + 1}`, field },
      vocabulary,
    )
  })
}

function entriesOf(xml: string): RecogEntry[] {
  const entries: RecogEntry[] = []
  for (const { name, attributes, text, isEnd } of readTags(xml)) {
    if (isEnd) continue
    if (name === 'fingerprint')
      entries.push({
        pattern: attributes['pattern'] ?? '',
        flags: attributes['flags'] ?? '',
        params: new Map(),
        examples: [],
      })
    const entry = entries.at(-1)
    if (name === 'param' && entry) addParam(entry.params, attributes)
    if (name === 'example' && entry) {
      const example = textOfExample(attributes, text)
      if (example !== undefined) entry.examples.push(example)
    }
  }
  return entries
}

/** A value, or the group that holds it; what is put together from other values is left out. */
function addParam(params: Map<string, string>, attributes: Readonly<Record<string, string>>): void {
  const { pos = '0', name = '', value = '' } = attributes
  const text = pos === '0' ? value : `$${pos}`
  if (/^\$[1-9]$/.test(text) || (pos === '0' && text !== '' && !/[{$]/.test(text)))
    params.set(name, text)
}

function textOfExample(
  attributes: Readonly<Record<string, string>>,
  text: string,
): string | undefined {
  if (attributes['_filename'] !== undefined) return undefined
  return attributes['_encoding'] === 'base64' ? decodeBase64(text) : text
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Bytes in base64 (RFC 4648) as Latin-1 text, as banners are. */
function decodeBase64(text: string): string {
  let decoded = ''
  let bits = 0
  let count = 0
  for (const letter of text) {
    const digit = DIGITS.indexOf(letter)
    if (digit < 0) continue
    bits = (bits << 6) | digit
    count += 6
    if (count < 8) continue
    count -= 8
    decoded += String.fromCharCode((bits >> count) & 0xff)
    bits &= (1 << count) - 1
  }
  return decoded
}

function draftOf(
  { pattern, flags, params, examples }: RecogEntry,
  place: Pick<Draft, 'where' | 'id' | 'field'>,
  vocabulary: Vocabulary,
): DraftOrRejection {
  const translated = translate(pattern)
  const claims = claimsOf(params, vocabulary)
  if (Object.keys(claims).length === 0)
    return { where: place.where, reason: 'it names a program, no device and no system' }
  return {
    ...place,
    pattern: translated.pattern,
    ignoreCase: translated.ignoreCase || flags.includes('REG_ICASE'),
    claims,
    confidence: params.has('hw.product') || params.has('hw.device') ? 'strong' : 'likely',
    examples,
  }
}

function claimsOf(
  params: ReadonlyMap<string, string>,
  vocabulary: Vocabulary,
): Partial<Record<Attribute, string>> {
  const word = (...names: string[]) => names.map((name) => params.get(name)).find(Boolean)
  const device = word('hw.device', 'os.device')
  const system = word('os.product', 'os.family')
  const version = params.get('os.version')
  const isOpen = system !== undefined && !system.startsWith('$')
  const claims: Partial<Record<Attribute, string | undefined>> = {
    manufacturer: word('hw.vendor') ?? (device === undefined ? undefined : params.get('os.vendor')),
    model: word('hw.product', 'hw.model'),
    type: typeOfWords(device, vocabulary),
    serial: word('hw.serial_number'),
    firmware: word('hw.version'),
    os: isOpen ? [system, version].filter(Boolean).join(' ') : system,
  }
  return Object.fromEntries(
    Object.entries(claims).filter(([, value]) => value !== undefined),
  ) as Partial<Record<Attribute, string>>
}

/** A pattern of Ruby's flavour in that of JavaScript with the `u` flag, as far as they mean the same. */
export function translate(source: string): { pattern: string; ignoreCase: boolean } {
  const options = /^\(\?([imsx]+)\)/.exec(source)
  const body = options ? source.slice(options[0].length) : source
  const pattern = body
    .replace(/\\A/g, '^')
    .replace(/\\[zZ]/g, '$')
    .replace(/\\h/g, '[0-9a-fA-F]')
    .replace(/([*+?}])\+/g, '$1')
    .replace(/\(\?>/g, '(?:')
    .replace(/\\([^A-Za-z0-9\\^$.*+?()[\]{}|/])/g, (whole, letter: string, at: number) =>
      letter === '-' && isInClass(body, at) ? whole : letter,
    )
  return { pattern, ignoreCase: options?.[1]?.includes('i') ?? false }
}

function isInClass(pattern: string, at: number): boolean {
  const before = pattern.slice(0, at).replace(/\\./g, '')
  return before.lastIndexOf('[') > before.lastIndexOf(']')
}
