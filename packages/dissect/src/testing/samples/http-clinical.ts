import { le16 } from '../frames.ts'
import { REPORT } from './hl7.ts'
import { httpMessage } from './http.ts'
import { type Sample, textSamples } from './sample.ts'

/** A gzip file whose one block is not compressed (RFC 1951 §3.2.4, RFC 1952); its check sums are left zero. */
function stored(text: string): string {
  const { length } = text
  const head = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, ...le16(length), ...le16(~length)]
  return String.fromCharCode(...head) + text + '\0'.repeat(8)
}

const withLength = (first: string, type: string, body: string, ...more: readonly string[]) =>
  httpMessage(first, [`Content-Type: ${type}`, `Content-Length: ${body.length}`, ...more], body)

const DEVICE = {
  resourceType: 'Device',
  identifier: [{ system: 'urn:example', value: '00-09-FB-FF-FE-05-93-22' }],
  manufacturer: 'Examplemed',
  deviceName: [
    { name: 'PLANTED JANE pump', type: 'patient-reported-name' },
    { name: 'Infuso 7', type: 'model-name' },
  ],
  modelNumber: 'IF-7',
  serialNumber: 'SN42',
  version: [{ value: '2.10' }],
  udiCarrier: [{ deviceIdentifier: '00888', carrierHRF: 'PLANTED' }],
  type: { text: 'PLANTED', coding: [{ system: 'urn:iso:std:iso:11073:10101', code: '69985' }] },
  patient: { reference: 'Patient/PLANTED', display: 'PLANTED JANE' },
  note: [{ text: 'PLANTED note' }],
}
const PATIENT = {
  resourceType: 'Patient',
  name: [{ family: 'PLANTED', given: ['JANE'] }],
  manufacturer: 'PLANTED',
  serialNumber: 'PLANTED',
}
const METRIC = {
  resourceType: 'DeviceMetric',
  type: { coding: [{ system: 'urn:iso:std:iso:11073:10101', code: '150456' }] },
  operationalStatus: 'on',
  calibration: [{ state: 'calibration-required' }, { state: 'PLANTED' }],
}
export const BUNDLE = {
  resourceType: 'Bundle',
  entry: [{ resource: PATIENT }, { resource: DEVICE }, { resource: METRIC }],
}

const FHIR = 'application/fhir+json; charset=utf-8'
export const FHIR_BUNDLE = withLength('HTTP/1.1 200 OK', FHIR, JSON.stringify(BUNDLE))
export const FHIR_DEVICE = withLength('POST /fhir/Device HTTP/1.1', FHIR, JSON.stringify(DEVICE))
export const FHIR_PACKED = withLength(
  'HTTP/1.1 200 OK',
  FHIR,
  stored(JSON.stringify(BUNDLE)),
  'Content-Encoding: gzip',
)
/** The same with a content type that says nothing of FHIR, as some servers have it. */
const JSON_TYPE = 'application/json; charset=utf-8'
export const PLAIN_BUNDLE = withLength('HTTP/1.1 200 OK', JSON_TYPE, JSON.stringify(BUNDLE))
export const PLAIN_DEVICE = withLength(
  'POST /api/Device HTTP/1.1',
  JSON_TYPE,
  JSON.stringify(DEVICE),
)
export const PLAIN_PACKED = withLength(
  'HTTP/1.1 200 OK',
  JSON_TYPE,
  stored(JSON.stringify(BUNDLE)),
  'Content-Encoding: gzip',
)
/** JSON of other kinds: a patient's record, a device within it, and an answer that is no FHIR. */
export const PLAIN_OTHERS = [
  PATIENT,
  { ...PATIENT, contained: [DEVICE] },
  { patient: 'PLANTED JANE', serialNumber: 'PLANTED', data: { resourceType: 'Device' } },
].map((body) => withLength('HTTP/1.1 200 OK', JSON_TYPE, JSON.stringify(body)))
export const PLAIN_CHUNKED = httpMessage(
  'HTTP/1.1 200 OK',
  [`Content-Type: ${JSON_TYPE}`, 'Transfer-Encoding: chunked'],
  `${JSON.stringify(BUNDLE).replace(/[^]{1,100}/g, (piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`)}0\r\n\r\n`,
)
/** The same bundle in XML, with a patient within the device as well. */
const XML = `<?xml version="1.0" encoding="UTF-8"?><Bundle xmlns="http://hl7.org/fhir"><!-- <serialNumber value="PLANTED"/> -->
<entry><resource><Patient><name><family value="PLANTED"/><given value="JANE"/></name><serialNumber value="PLANTED"/></Patient></resource></entry>
<entry><fullUrl value="urn:PLANTED"/><resource><Device><text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">PLANTED<br/>JANE</div></text>
<contained><Patient><name><family value="PLANTED"/></name></Patient></contained>
<contained><Device><serialNumber value="PLANTED"/><manufacturer value="PLANTED"/></Device></contained>
<identifier><system value="urn:example"/><value value="00-09-FB-FF-FE-05-93-22"/></identifier>
<udiCarrier><deviceIdentifier value="00888"/><carrierHRF value="PLANTED"/></udiCarrier>
<manufacturer value="Examplemed"/><serialNumber value="SN42"/>
<deviceName><name value="PLANTED JANE pump"/><type value="patient-reported-name"/></deviceName>
<deviceName><name value="Infuso 7"/><type value="model-name"/></deviceName><modelNumber value="IF-7"/>
<type><coding><system value="urn:iso:std:iso:11073:10101"/><code value="69985"/></coding><text value="PLANTED"/></type>
<version><value value="2.10"/></version><patient><reference value="Patient/PLANTED"/><display value="PLANTED JANE"/></patient>
<note><text value="PLANTED note"/></note></Device></resource></entry>
<entry><resource><DeviceMetric><type><coding><system value="urn:iso:std:iso:11073:10101"/><code value="150456"/></coding></type>
<operationalStatus value="on"/><calibration><state value="calibration-required"/></calibration><calibration><state value="PLANTED"/></calibration>
</DeviceMetric></resource></entry></Bundle>`
const XML_TYPE = 'application/fhir+xml; charset=utf-8'
export const FHIR_XML = withLength('HTTP/1.1 200 OK', XML_TYPE, XML)
/** What does not fit together, is not whole or nests too deep: none of it may be read. */
export const BROKEN_XML = [
  XML.replace('</contained>', ''),
  XML.replace('</Bundle>', ''),
  XML.replace('<note>', '<note><Device>'),
  `${XML}<Device><serialNumber value="PLANTED"/></Device>`,
  `<Device><serialNumber value="SN1"/>${'<x>'.repeat(40)}${'</x>'.repeat(40)}</Device>`,
  `<Device><serialNumber value="SN1"/>${'<x/>'.repeat(9000)}</Device>`,
  '<Device><serialNumber value="SN1"/></Device></Bundle>',
  '<Device value="SN1"/>',
  '<Device><contained><Patient></contained></Patient><serialNumber value="SN1"/></Device>',
  '<a>',
].map((text) => withLength('HTTP/1.1 200 OK', XML_TYPE, text))
export const FHIR_PATIENT = withLength('HTTP/1.1 200 OK', FHIR, JSON.stringify(PATIENT))

const SOAP = 'application/soap+xml; charset=utf-8'
const PM = 'http://standards.ieee.org/downloads/11073/11073-10207-2017/participant'
const envelope = (body: string) =>
  `<?xml version="1.0"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>${body}</s:Body></s:Envelope>`

export const GET_MDIB = withLength(
  'POST /dev/Get HTTP/1.1',
  SOAP,
  envelope(
    '<m:GetMdib xmlns:m="http://standards.ieee.org/downloads/11073/11073-10207-2017/message"/>',
  ),
)
const METADATA = (types: string) =>
  envelope(`<mex:Metadata xmlns:mex="http://schemas.xmlsoap.org/ws/2004/09/mex"><mex:MetadataSection>
<d:ThisModel xmlns:d="http://docs.oasis-open.org/ws-dd/ns/dpws/2009/01"><d:Manufacturer xml:lang="en">Examplemed</d:Manufacturer>
<d:ManufacturerUrl>http://x</d:ManufacturerUrl><d:ModelName>Vitalis &amp; Co</d:ModelName><d:ModelNumber>V5</d:ModelNumber></d:ThisModel>
<d:ThisDevice><d:FriendlyName>Bed side</d:FriendlyName><d:FirmwareVersion>3.2</d:FirmwareVersion><d:SerialNumber>SN5</d:SerialNumber></d:ThisDevice>
<d:Types>${types}</d:Types></mex:MetadataSection></mex:Metadata>`)
const MEDICAL =
  '<t xmlns:p="http://standards.ieee.org/downloads/11073/11073-20702-2016">p:MedicalDevice</t>'
export const SDC_METADATA = withLength('HTTP/1.1 200 Ok', SOAP, METADATA(MEDICAL))
export const SDC_PACKED = withLength(
  'HTTP/1.1 200 Ok',
  SOAP,
  stored(METADATA(MEDICAL)),
  'Content-Encoding: gzip',
)
export const PRINTER_METADATA = withLength('HTTP/1.1 200 OK', SOAP, METADATA('wprt:Printer'))
export const SDC_MDIB = withLength(
  'HTTP/1.1 200 Ok',
  SOAP,
  envelope(`<m:GetMdibResponse xmlns:m="http://standards.ieee.org/downloads/11073/11073-10207-2017/message"><p:Mds xmlns:p="${PM}">
<p:MetaData><p:Udi><p:DeviceIdentifier>00777</p:DeviceIdentifier></p:Udi><p:Manufacturer>Examplemed</p:Manufacturer>
<p:ModelName>Vitalis 5</p:ModelName><p:SerialNumber>SN5</p:SerialNumber></p:MetaData></p:Mds>
<p:State p:type="PatientContextState"><p:Identification Extension="PLANTED-MRN"/><p:CoreData><p:Givenname>JANE</p:Givenname>
<p:Familyname>PLANTED</p:Familyname><p:FriendlyName>PLANTED</p:FriendlyName></p:CoreData></p:State></m:GetMdibResponse>`),
)
export const CONTEXT_REPORT = withLength(
  'POST /sub1 HTTP/1.1',
  SOAP,
  envelope(`<m:EpisodicContextReport xmlns:m="http://standards.ieee.org/downloads/11073/11073-10207-2017/message">
<p:ContextState xmlns:p="${PM}" p:type="PatientContextState"><p:ThisDevice><p:FriendlyName>PLANTED</p:FriendlyName></p:ThisDevice>
<p:Givenname>JANE</p:Givenname></p:ContextState></m:EpisodicContextReport>`),
)
export const HL7_POST = withLength(
  'POST /hl7 HTTP/1.1',
  'application/hl7-v2; charset=utf-8',
  `${REPORT.join('\r')}\r`,
)

const sample = textSamples('http', 'tcp')

export const SAMPLES: readonly Sample[] = [
  sample('client', FHIR_DEVICE),
  sample('server', FHIR_BUNDLE),
  sample('server', FHIR_PACKED),
  sample('server', FHIR_PATIENT),
  sample('server', FHIR_XML),
  sample('server', PLAIN_BUNDLE),
  sample('client', PLAIN_DEVICE),
  sample('server', PLAIN_PACKED),
  sample('server', PLAIN_CHUNKED),
  ...PLAIN_OTHERS.map((message) => sample('server', message)),
  sample('client', GET_MDIB),
  sample('server', SDC_METADATA),
  sample('server', SDC_PACKED),
  sample('server', PRINTER_METADATA),
  sample('server', SDC_MDIB),
  sample('client', CONTEXT_REPORT),
  sample('client', HL7_POST),
]
