import { type Sample, textSamples } from './sample.ts'

/** A message of HTTP/1: first line, fields, empty line, body. */
export function httpMessage(first: string, fields: readonly string[], body = ''): string {
  return [first, ...fields, '', body].join('\r\n')
}

const lengthOf = (body: string) => `Content-Length: ${body.length}`

export const PAGE =
  '<html><head><title>Examplemed &amp; Co  Pump</title></head><body></body></html>'
export const DEVICE_XML = `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0"><device>
<deviceType>urn:schemas-upnp-org:device:Basic:1</deviceType><manufacturer>Examplemed</manufacturer>
<modelName>Cam 3</modelName><modelNumber>C3-B</modelNumber><serialNumber>SN33</serialNumber></device></root>`
export const SYSTEM_JSON =
  '{"ApiVersion":18,"DicomAet":"ORTHANC","Inner":{"Name":"PLANTED"},"Name":"ARCHIVE1","Version":"1.10.1"}'

export const answer = (type: string, body: string, ...more: readonly string[]) =>
  httpMessage('HTTP/1.1 200 OK', [`Content-Type: ${type}`, lengthOf(body), ...more], body)

/** A request whose path, query, cookie and referrer name a patient. */
export const CHART_REQUEST = httpMessage(
  'GET /patients/PLANTED-JANE/chart?name=PLANTED&mrn=1 HTTP/1.1',
  [
    'Host: emr.example',
    'User-Agent: Ward/1.0',
    'Cookie: patient=PLANTED',
    'Referer: http://emr.example/?q=PLANTED',
    'Authorization: Basic UExBTlRFRDpQTEFOVEVE',
  ],
)
export const CHART_PAGE = answer('text/html', '<title>PLANTED JANE, born 1960</title>')

const FORM = 'user=PLANTED&j_password=PLANTED'
export const FORM_LOGIN = httpMessage(
  'POST /login HTTP/1.1',
  ['Host: pump.example', 'Content-Type: application/x-www-form-urlencoded', lengthOf(FORM)],
  FORM,
)
const PATIENT_JSON = '{"resourceType":"Patient","name":[{"family":"PLANTED"}],"version":"1"}'
export const FHIR_ANSWER = answer('application/fhir+json', PATIENT_JSON)

export const REDIRECT = httpMessage('HTTP/1.1 302 Found', [
  'Location: https://PLANTED:JANE@login.example:8443/patients/PLANTED?name=PLANTED',
  'Content-Length: 0',
])

const sample = textSamples('http', 'tcp')

export const SAMPLES: readonly Sample[] = [
  sample('client', httpMessage('GET / HTTP/1.1', ['Host: pump.example', 'User-Agent: x/1'])),
  sample('server', answer('text/html', PAGE, 'Server: GoAhead-Webs', 'X-Powered-By: PHP/5.3')),
  sample('client', CHART_REQUEST),
  sample('server', CHART_PAGE),
  sample('client', FORM_LOGIN),
  sample('server', FHIR_ANSWER),
  sample('server', answer('application/json', SYSTEM_JSON)),
  sample('server', answer('text/xml', DEVICE_XML)),
  sample(
    'server',
    httpMessage('HTTP/1.1 401 Unauthorized', [
      'WWW-Authenticate: Digest realm="IP Camera", nonce="1"',
    ]),
  ),
  sample(
    'server',
    httpMessage('HTTP/1.1 200 OK', ['Transfer-Encoding: chunked'], '4\r\nabcd\r\n0\r\n\r\n'),
  ),
  sample('server', REDIRECT),
  sample('client', httpMessage('CONNECT vendor.example:443 HTTP/1.1', [])),
  sample('server', httpMessage('HTTP/1.1 101 Switching Protocols', ['Upgrade: websocket'])),
]
