import { expect, test } from 'vitest'
import { pcap } from '../testing/captures.ts'
import { converse } from '../testing/converse.ts'
import { readMessage } from '../testing/facts.ts'
import { bytesOf, type Said, tcpFrames } from '../testing/frames.ts'
import { observe } from '../testing/observe.ts'
import {
  answer,
  CHART_PAGE,
  CHART_REQUEST,
  DEVICE_XML,
  FHIR_ANSWER,
  FORM_LOGIN,
  httpMessage,
  PAGE,
  REDIRECT,
  SAMPLES,
  SYSTEM_JSON,
} from '../testing/samples/http.ts'
import { CLIENT_HELLO, tlsRecord } from '../testing/samples/tls.ts'
import { jsonDevice } from './http-body.ts'
import { pathShape } from './http-path.ts'
import { http } from './http.ts'

const get = (path: string, ...fields: readonly string[]): Said => [
  'client',
  httpMessage(`GET ${path} HTTP/1.1`, ['Host: pump.example', ...fields]),
]
const lines = (...said: readonly Said[]) => converse(http, said).lines

test('a request names both ends and says what kind of thing it asks for', () => {
  expect(lines(get('/cgi-bin/status.cgi?id=7', 'User-Agent: Examplemed Sync/2.1'))).toEqual([
    'server http.host pump.example',
    'client http.contacts pump.example',
    'client http.user-agent Examplemed Sync/2.1',
    'client http.request GET /cgi-bin/status.cgi',
  ])
})

test('an answer names the software, and a public page its title', () => {
  const said: Said[] = [
    get('/'),
    ['server', answer('text/html', PAGE, 'Server: GoAhead-Webs', 'X-Powered-By: PHP/5.3')],
  ]
  const expected = [
    'server http.status 200',
    'server http.server GoAhead-Webs',
    'server http.powered-by PHP/5.3',
    'server http.title Examplemed & Co Pump',
  ]
  expect(lines(...said).slice(3)).toEqual(expected)
  expect(new Set(converse(http, said, {}, 7).lines.slice(3))).toEqual(new Set(expected))
})

test('a device description and a page of identity are read', () => {
  expect(lines(get('/rootDesc.xml'), ['server', answer('text/xml', DEVICE_XML)]).slice(4)).toEqual([
    'server http.upnp-device-type urn:schemas-upnp-org:device:Basic:1',
    'server http.upnp-manufacturer Examplemed',
    'server http.upnp-model-name Cam 3',
    'server http.upnp-model-number C3-B',
    'server http.upnp-serial-number SN33',
  ])
  const json = lines(get('/system'), ['server', answer('application/json', SYSTEM_JSON)])
  expect(json.slice(4)).toEqual([
    'server http.device-ae-title ORTHANC',
    'server http.device-name ARCHIVE1',
    'server http.device-version 1.10.1',
  ])
})

test('a body in chunks is read as one, however it is cut', () => {
  const chunks = SYSTEM_JSON.match(/.{1,20}/g)!.map(
    (part) => `${part.length.toString(16)}\r\n${part}\r\n`,
  )
  const head = httpMessage('HTTP/1.1 200 OK', [
    'Content-Type: application/json',
    'Transfer-Encoding: chunked',
  ])
  const body = `${head}${chunks.join('')}0\r\n\r\n`
  for (const piece of [1, 5, 1000]) {
    const said: Said[] = [
      get('/system'),
      ['server', body],
      get('/info'),
      ['server', answer('text/plain', 'x')],
    ]
    const { lines: found } = converse(http, said, {}, piece)
    expect(found).toContain('server http.device-version 1.10.1')
    expect(found.filter((line) => line === 'server http.status 200')).toHaveLength(2)
  }
})

test('an answer without a length is read until its title has come', () => {
  const head = 'HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n'
  const { lines: found } = converse(http, [get('/'), ['server', head + PAGE]], {}, 30)
  expect(found).toContain('server http.title Examplemed & Co Pump')
})

test('how somebody signs in is a fact; in clear it is a weakness of the server', () => {
  expect(lines(get('/', 'Authorization: Basic UExBTlRFRDpQTEFOVEVE')).slice(3)).toEqual([
    'client http.auth basic',
    'server http.login basic',
  ])
  expect(lines(get('/', 'Authorization: Digest username="PLANTED"')).slice(3)).toEqual([
    'client http.auth digest',
  ])
  expect(lines(['client', FORM_LOGIN])).toContain('server http.login form')
  const search = httpMessage('POST /search HTTP/1.1', [
    'Content-Type: application/x-www-form-urlencoded',
    'Content-Length: 12',
  ])
  expect(lines(['client', `${search}name=PLANTED`]).join()).not.toContain('login')
})

test('a challenge tells its realm', () => {
  const challenge = httpMessage('HTTP/1.1 401 Unauthorized', [
    'WWW-Authenticate: Digest realm="IP Camera(C1234)", nonce="1"',
    'Content-Length: 0',
  ])
  expect(lines(['server', challenge])).toEqual([
    'server http.status 401',
    'server http.auth-offered digest',
    'server http.realm IP Camera(C1234)',
  ])
})

test('the planted patient reaches no fact: path, query, cookie, form, title, JSON, FHIR', () => {
  const conversations: Said[][] = [
    [
      ['client', CHART_REQUEST],
      ['server', CHART_PAGE],
    ],
    [
      ['client', FORM_LOGIN],
      ['server', CHART_PAGE],
    ],
    [get('/?name=PLANTED'), ['server', CHART_PAGE]],
    [get('/', 'Cookie: a=b'), ['server', CHART_PAGE]],
    [get('/PLANTED/JANE.html'), ['server', CHART_PAGE]],
    [get('/status'), ['server', FHIR_ANSWER]],
    [
      get('/api/v1/patients/7'),
      ['server', answer('application/json', '{"name":"PLANTED","version":1}')],
    ],
    [
      get('/info'),
      ['server', answer('application/json', '{"name":"PLANTED","birthDate":"1960","model":"x"}')],
    ],
    [get('/info'), ['server', answer('application/json', '{"name":"PLANTED JANE"}')]],
    // Met in the middle: whose answer it is is not known.
    [['server', CHART_PAGE]],
    ...SAMPLES.map(({ from, bytes }): Said[] => [[from, bytes]]),
  ]
  for (const said of conversations) {
    for (const piece of [11, 64, 10_000]) {
      expect(converse(http, said, {}, piece).lines.join('\n')).not.toMatch(/PLANTED|JANE|UExB/i)
    }
  }
})

test('clinical data in clear are named', () => {
  const { lines: found, named } = converse(http, [get('/fhir/Patient/1'), ['server', FHIR_ANSWER]])
  expect(found).toContain('server fhir.transport cleartext')
  expect(named).toEqual(['fhir'])
})

const CONNECT: Said = ['client', httpMessage('CONNECT vendor.example:443 HTTP/1.1', [])]
const OPENED: Said = ['server', 'HTTP/1.1 200 OK\r\n\r\n']
const PROXY = { server: { port: 3128 } }

test.each([
  ['TLS', bytesOf(tlsRecord(22, 0x0301, CLIENT_HELLO)), 'http', ['http-proxy', 'tls']],
  ['SSH', bytesOf('SSH-2.0-x\r\n'), 'ssh', ['http-proxy', 'http']],
  ['what nobody knows', new Uint8Array(40), 'http', ['http-proxy']],
])('what a tunnel carries is known by its own bytes: %s', (_case, inside, protocol, also) => {
  const [flow] = observe(pcap(tcpFrames(PROXY, [CONNECT, OPENED, ['client', inside]])))
  expect(flow).toMatchObject({ protocol, also })
  expect(flow!.values.get('http.proxy')).toEqual(['CONNECT'])
})

test('a tunnel that is refused leaves the flow as it is', () => {
  const refused: Said = ['server', 'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n']
  const [flow] = observe(pcap(tcpFrames(PROXY, [CONNECT, refused, get('/')])))
  expect(flow!.values.get('http.request')).toEqual(['CONNECT *', 'GET /'])
  expect(flow!.values.has('http.proxy')).toBe(false)
})

test.each([
  ['a whole address on another port', '/', 'http://a.example/', 3128, [], ['http-proxy']],
  ['one with a port', '/', 'http://a.example:8080/', 3128, [], ['http-proxy']],
  ['one over TLS', '/', 'https://a.example/', 80, [], ['http-proxy']],
  ['one that may be its own', '/', 'http://a.example/', 80, [], []],
  [
    'one with a field for proxies',
    '/',
    'http://a.example/',
    80,
    ['Proxy-Connection: a'],
    ['http-proxy'],
  ],
  ['a path', '/', '/http://a.example/', 3128, [], []],
])('%s', (_case, shape, target, serverPort, fields, carried) => {
  const read = converse(http, [get(target, ...fields)], { serverPort })
  expect(read.carried).toEqual(carried)
  const isProxied = carried.length > 0
  if (target.startsWith('http')) expect(read.lines.at(-1)).toBe(`client http.request GET ${shape}`)
  expect(read.lines.includes('client http.contacts a.example')).toBe(isProxied)
  expect(read.lines.join().includes('http.host')).toBe(!isProxied)
})

test('of what a proxy passes on nothing is said of the proxy', () => {
  const page = answer('text/html', PAGE, 'Server: GoAhead-Webs', 'Set-Cookie: sid=1')
  const said = lines(get('http://a.example:8080/'), ['server', page])
  expect(said.filter((line) => line.startsWith('server'))).toEqual(['server http.status 200'])
})

test('who asks for a sign-in at the proxy is one', () => {
  const fields = ['Server: Examplemed Gate', 'Content-Length: 0']
  const refusal: Said = ['server', httpMessage('HTTP/1.1 407 Sign in', fields)]
  const read = converse(http, [get('http://a.example:8080/'), refusal])
  expect(read.lines).toContain('server http.server Examplemed Gate')
  expect(converse(http, [refusal]).carried).toEqual(['http-proxy'])
})

test.each([
  'http://planted:secret@a.example:8080/',
  'http://planted@b.example:secret@a.example:8080/',
  'ftp://planted:se/secret@a.example/',
  `http://planted${'x'.repeat(300)}@a.example:8080/`,
])('of %s no user is read, and no name that may be one', (target) => {
  const head = ['Proxy-Connection: keep-alive', 'Host: planted:secret@a.example']
  const read = lines(['client', httpMessage(`GET ${target} HTTP/1.1`, head)])
  expect(read.join()).not.toMatch(/planted|secret/)
})

test('nothing of what a proxy passes on is its own', () => {
  const ask = httpMessage(
    'POST http://camera.example/onvif/device_service HTTP/1.1',
    [
      'Proxy-Connection: keep-alive',
      'Authorization: Basic cGxhbnRlZDpqYW5l',
      'Content-Type: application/dicom+json',
      'Content-Length: 16',
    ],
    'password=planted',
  )
  const answer = httpMessage(
    'HTTP/1.1 200 OK',
    ['Content-Type: application/fhir+json', 'Location: https://a.example/', 'Content-Length: 47'],
    '{"resourceType":"Device","serialNumber":"SN-7"}',
  )
  const read = lines(['client', ask], ['server', answer])
  expect(read.filter((line) => line.startsWith('server '))).toEqual(['server http.status 200'])
})

test('an upgrade hands the rest over', () => {
  const upgrade = httpMessage('HTTP/1.1 101 Switching', ['Upgrade: WebSocket'])
  expect(converse(http, [get('/ws'), ['server', upgrade]]).became).toEqual(['websocket'])
})

test.each([
  ['Upgrade: h2c', ['http2']],
  ['Upgrade: TLS/1.2, HTTP/1.1', ['tls']],
  ['Upgrade: smb', []],
  ['Upgrade: planted-jane', []],
  ['Server: x', []],
])('an upgrade by %s hands over to what is known alone', (field, became) => {
  const said: Said[] = [get('/'), ['server', httpMessage('HTTP/1.1 101 Switching', [field])]]
  expect(converse(http, said).became).toEqual(became)
})

test.each([
  ['https://pump.example/login?name=PLANTED', 'https://pump.example/login'],
  ['https://login.example:8443/PLANTED', 'https://login.example:8443/*'],
  ['http://10.0.0.9', 'http://10.0.0.9/'],
  ['https://login.example?x=/PLANTED', 'https://login.example/'],
  ['https://PLANTED:JANE@login.example/', 'https://login.example/'],
  ['https://PLANTED JANE/', 'https:/'],
  ['//cdn.example/img', '//*/img'],
  ['//planted.jane/befund', '//*/*'],
  ['/index.html#PLANTED', '/index.html'],
  ['/patients/PLANTED', '/patients/*'],
  ['PLANTED.html', undefined],
  ['mailto:planted@hospital.example', undefined],
  ['', undefined],
])('a redirection to %j is told as %s', (location, value) => {
  const redirect = (status: number): Said => [
    'server',
    httpMessage(`HTTP/1.1 ${status} X`, [`Location: ${location}`, 'Content-Length: 0']),
  ]
  const told = (status: number) =>
    lines(get('/'), redirect(status)).filter((line) => line.includes('redirects-to'))
  const expected = value === undefined ? [] : [`server http.redirects-to ${value}`]
  expect(told(302)).toEqual(expected)
  expect(told(201)).toEqual([])
})

test('where an answer sends its client shows no one', () => {
  expect(lines(['server', REDIRECT])).toContain(
    'server http.redirects-to https://login.example:8443/patients/*',
  )
})

test('an answer to HEAD has no body, whatever length it states', () => {
  const head = httpMessage('HEAD / HTTP/1.1', ['Host: a.example'])
  const stated = httpMessage('HTTP/1.1 200 OK', ['Content-Length: 5000', 'Server: one'])
  const next = httpMessage('HTTP/1.1 200 OK', ['Content-Length: 0', 'Server: two'])
  const said: Said[] = [['client', head], get('/'), ['server', stated], ['server', next]]
  expect(lines(...said)).toContain('server http.server two')
})

test.each([
  ['/', '/', true],
  ['/API/v1/status', '/api/v1/status', true],
  ['/patients/Jane-Doe/notes', '/patients/*/*', false],
  ['/Smith/index.html', '/*/index.html', false],
  ['/smith.html', '/*.html', false],
  ['/login?user=x', '/login', false],
  ['http://host.example/status', '/status', true],
  ['/api/api/api/api/api/api/Jane', '/api/api/api/api/api/api/*', false],
  ['host.example:443', '*', false],
])('%s has the shape %s', (target, shape, isKnown) => {
  expect(pathShape(target)).toEqual({ shape, isKnown })
})

test.each([
  ['a name alone', '{"name":"X"}'],
  ['an object cut short', '{"name":"X","version":"1"'],
  ['a list', '[{"name":"X","version":"1"}]'],
  ['nothing', ''],
  ['a deep nest', `${'{"a":'.repeat(5000)}1`],
])('of %s no identity is taken', (_case, json) => expect(jsonDevice(json)).toEqual([]))

test.each([
  ['GET / HTTP/1.1\r\n', 'strong'],
  ['HTTP/1.0 404\r\n', 'strong'],
  ['GET /cgi-bin/x;cat /etc/passwd| HTTP/1.1\r\n', 'strong'],
  ['GE', 'incomplete'],
  ['GET /long', 'incomplete'],
  [`GET /${'x'.repeat(1500)}`, 'weak'],
  ['HTTP/1', 'incomplete'],
  ['OPTIONS rtsp://cam/1 RTSP/1.0\r\n', 'no'],
  ['INVITE sip:a@b SIP/2.0\r\n', 'no'],
  ['220 ftp\r\n', 'no'],
])('%j is %s', (text, likeness) => expect(readMessage(http, text).likeness).toBe(likeness))

test('a head without end is given up', () => {
  expect(readMessage(http, bytesOf('GET / HTTP/1.1\r\n', 'x'.repeat(40_000))).length).toBe(-1)
})

test.each([
  ['GET /HTTP/1.1', 'GET /'],
  ['PUT/ HTTP/1.1', 'PUT /'],
  ['TRACE/HTTP/1.1', 'TRACE /'],
  ['OPTIONS * HTTP/1.', 'OPTIONS *'],
  ['GET HTTP/1.1', 'GET *'],
])('a request line that lacks a part is still one: %s', (line, request) => {
  const message = `${line}\r\nHost: pump.example\r\n\r\n`
  expect(lines(['client', message])).toContain(`client http.request ${request}`)
})
