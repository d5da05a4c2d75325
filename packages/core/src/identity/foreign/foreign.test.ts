import { describe, expect, test } from 'vitest'
import { compileVocabulary } from '../vocabulary.ts'
import { checkDrafts } from './draft.ts'
import { readFingerbank } from './fingerbank.ts'
import { readP0f } from './p0f.ts'
import { readRecog, translate } from './recog.ts'
import { readSatori } from './satori.ts'
import { readTags } from './tags.ts'

const vocabulary = compileVocabulary({
  categories: [{ id: 'office', name: 'Office' }],
  'device-types': [
    { id: 'printer', name: 'Printer', category: 'office' },
    { id: 'router', name: 'Router', category: 'office' },
  ],
  manufacturers: [{ name: 'Acme', aliases: ['Acme*'] }],
})

const recog = (body: string) =>
  checkDrafts(
    readRecog('telnet_banners.xml', `<fingerprints>${body}</fingerprints>`, vocabulary),
    vocabulary,
  )

const PRINTER = `
  <fingerprint pattern="(?i)\\Aacme printer (\\S+) \\(S/N (\\w+)\\)$">
    <description>A printer</description>
    <example hw.product="P7">ACME Printer P7 (S/N A1)</example>
    <param pos="0" name="hw.vendor" value="Acme Corp"/>
    <param pos="0" name="hw.device" value="Multifunction Device"/>
    <param pos="1" name="hw.product"/>
    <param pos="2" name="hw.serial_number"/>
    <param pos="0" name="hw.cpe23" value="cpe:/h:acme:{hw.product}:-"/>
  </fingerprint>`

describe('recog', () => {
  test('gives entries in our format, with what their examples prove', () => {
    const { files, accepted, rejected } = recog(PRINTER)
    expect({ accepted, rejected }).toEqual({ accepted: 1, rejected: [] })
    expect(files['telnet.banner']).toMatchObject([
      {
        pattern: '^acme printer (\\S+) \\(S/N (\\w+)\\)$',
        ignoreCase: true,
        claims: { manufacturer: 'Acme', model: '$1', serial: '$2', type: 'printer' },
        examples: [
          {
            value: 'ACME Printer P7 (S/N A1)',
            claims: { manufacturer: 'Acme', model: 'P7', serial: 'A1', type: 'printer' },
          },
        ],
      },
    ])
  })

  const wrong = (pattern: string, example = '<example>x</example>') =>
    `<fingerprint pattern="${pattern}">${example}<param pos="0" name="os.product" value="AcmeOS"/></fingerprint>`

  test.each([
    ['a pattern that may run for ever', wrong('^(x+)+$'), /repeats something/],
    ['a pattern that looks around', wrong('^(?=x)x'), /lookaround/],
    ['an example that does not match', wrong('^y$'), /not matched: x/],
    ['no example', wrong('^x$', ''), /no example/],
    ['a program', '<fingerprint pattern="x"><example>x</example></fingerprint>', /names a program/],
    [
      'a maker that nobody knows',
      '<fingerprint pattern="x"><example>x</example><param pos="0" name="hw.vendor" value="Who"/></fingerprint>',
      /claims nothing/,
    ],
    ['the same pattern again', PRINTER + PRINTER, /same pattern/],
  ])('leaves out %s and says so', (_what, body, reason) => {
    const { rejected } = recog(body)
    expect(rejected.at(-1)?.reason).toMatch(reason)
    expect(rejected.at(-1)?.where).toMatch(/telnet_banners\.xml entry \d/)
  })

  test('leaves out files about what we do not observe', () => {
    const drafts = readRecog('favicons.xml', PRINTER, vocabulary)
    expect(drafts).toMatchObject([{ reason: 'we do not observe what favicons.xml is about' }])
  })

  test.each([
    ['\\Ax\\z', '^x$'],
    ['a++b?+', 'a+b?'],
    ['[\\w\\-]\\-\\_', '[\\w\\-]-_'],
    ['(?>ab)c', '(?:ab)c'],
  ])('translates %s', (source, pattern) => {
    expect(translate(source).pattern).toBe(pattern)
  })

  test('reads an example in base64', () => {
    const body = wrong('^Hi! y', '<example _encoding="base64">SGkhIHk=</example>')
    expect(recog(body).files['telnet.banner']).toMatchObject([{ examples: [{ value: 'Hi! y' }] }])
  })
})

test('satori: option lists and vendor classes, whole or in part', () => {
  const xml = `<fingerprint name="Acme Printer" os_name="AcmeOS 3" device_type="Printer" device_vendor="Acme">
    <dhcp_tests>
      <test weight="5" matchtype="exact" dhcptype="Any" dhcpoption55="1,3,6"/>
      <test weight="5" matchtype="partial" dhcptype="Any" dhcpvendorcode="acme (r)"/>
      <test weight="5" matchtype="exact" tcpflag="S"/>
    </dhcp_tests></fingerprint>`
  const { files, rejected } = checkDrafts(readSatori('dhcp.xml', xml, vocabulary), vocabulary)
  const claims = { manufacturer: 'Acme', type: 'printer', os: 'AcmeOS 3' }
  expect(files).toMatchObject({
    'dhcp.parameter-list': [{ pattern: '^1,3,6$', claims }],
    'dhcp.vendor-class': [{ pattern: 'acme \\(r\\)', claims }],
  })
  expect(rejected).toMatchObject([{ reason: 'it tests what we do not observe' }])
})

test('p0f: systems by a header, nothing by TCP', () => {
  const text = `[tcp:request]
label = s:unix:Acme:3.x
sig   = *:64:0:*:mss*20,10:mss,sok,ts,nop,ws:df,id+:0
[http:request]
label = s:unix:Acme:3.x
sig   = 1:Host,User-Agent=[AcmeBrowser/]:Accept:expsw
label = g:!:wget:
sig   = 1:User-Agent=[Wget/]::`
  const { files, rejected } = checkDrafts(readP0f('p0f.fp', text), vocabulary)
  expect(files).toMatchObject({
    'http.user-agent': [{ pattern: 'AcmeBrowser\\/', claims: { os: 'Acme 3.x' } }],
  })
  expect(rejected.map(({ reason }) => reason)).toEqual([
    'signatures of tcp:request need what we do not observe',
    'it names a program, no system',
  ])
})

test('fingerbank: devices by their class, systems by their name', () => {
  const text = `[os 100]
description=AcmeOS 3
fingerprints=<<EOT
1,3,6
1,3,7
EOT
[os 200]
description=Acme LaserJet
vendor_id=<<EOT
Acme Jet
EOT
[os 300]
description=Nothing
[class 1]
description=Windows
members=100-199
[class 2]
description=Printers
members=200-299`
  const { files, rejected } = checkDrafts(readFingerbank('dhcp.conf', text, vocabulary), vocabulary)
  expect(files).toMatchObject({
    'dhcp.parameter-list': [{ claims: { os: 'AcmeOS 3' } }, { pattern: '^1,3,7$' }],
    'dhcp.vendor-class': [{ claims: { manufacturer: 'Acme', type: 'printer' } }],
  })
  expect(rejected).toMatchObject([{ where: expect.stringContaining('Nothing') }])
})

test('tags: entities and CDATA are text, comments nothing, and nothing is expanded', () => {
  const tags = readTags(
    '<!DOCTYPE x [<!ENTITY a "b">]><a b="1 &lt; 2"><!-- <c/> --><d><![CDATA[<e> & &a;]]></d>',
  )
  expect(tags).toMatchObject([
    { name: 'a', attributes: { b: '1 < 2' } },
    { name: 'd', text: '<e> & &a;' },
    { name: 'd', isEnd: true },
  ])
  expect(readTags('<'.repeat(10_000) + '<a '.repeat(2000))).toEqual([])
})
