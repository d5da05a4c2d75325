import { bytesOf, le16 } from '../frames.ts'
import { REPORT } from './hl7.ts'
import { httpMessage } from './http.ts'
import type { Sample } from './sample.ts'

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

const sample = (from: Sample['from'], text: string): Sample => ({
  protocol: 'http',
  over: 'tcp',
  from,
  bytes: bytesOf(text),
})

export const SAMPLES: readonly Sample[] = [
  sample('client', FHIR_DEVICE),
  sample('server', FHIR_BUNDLE),
  sample('server', FHIR_PACKED),
  sample('server', FHIR_PATIENT),
  sample('client', GET_MDIB),
  sample('server', SDC_METADATA),
  sample('server', SDC_PACKED),
  sample('server', PRINTER_METADATA),
  sample('server', SDC_MDIB),
  sample('client', CONTEXT_REPORT),
  sample('client', HL7_POST),
]
