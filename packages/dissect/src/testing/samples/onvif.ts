import { httpMessage } from './http.ts'
import { type Sample, textSamples } from './sample.ts'

const envelope = (namespace: string, header: string, body: string) =>
  `<?xml version="1.0"?><s:Envelope xmlns:s="${namespace}" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"
xmlns:tt="http://www.onvif.org/ver10/schema"><s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
const SOAP_11 = 'http://schemas.xmlsoap.org/soap/envelope/'
const SOAP_12 = 'http://www.w3.org/2003/05/soap-envelope'

const withLength = (first: string, type: string, body: string) =>
  httpMessage(first, [`Content-Type: ${type}`, `Content-Length: ${body.length}`], body)

const SIGN_IN =
  '<wsse:UsernameToken><wsse:Username>PLANTED</wsse:Username><wsse:Password>PLANTED</wsse:Password></wsse:UsernameToken>'
const ASKED = '<tds:GetDeviceInformation/>'
const TOLD = `<tds:GetDeviceInformationResponse><tds:Manufacturer>Examplemed</tds:Manufacturer><tds:Model>Cam &amp; 3</tds:Model>
<tds:FirmwareVersion>5.1</tds:FirmwareVersion><tds:SerialNumber>SN33</tds:SerialNumber><tds:HardwareId>C3-B</tds:HardwareId>
</tds:GetDeviceInformationResponse>`
const USERS =
  '<tds:GetUsersResponse><tds:User><tt:Username>PLANTED</tt:Username><tt:Model>PLANTED</tt:Model></tds:User></tds:GetUsersResponse>'

const POST = 'POST /onvif/device_service HTTP/1.1'
const OK = 'HTTP/1.1 200 OK'
export const ASK = withLength(POST, 'application/soap+xml', envelope(SOAP_12, SIGN_IN, ASKED))
export const TELL = withLength(OK, 'application/soap+xml', envelope(SOAP_12, '', TOLD))
export const ASK_11 = withLength(POST, 'text/xml', envelope(SOAP_11, SIGN_IN, ASKED))
export const TELL_11 = withLength(OK, 'text/xml; charset=utf-8', envelope(SOAP_11, '', TOLD))
export const TELL_USERS = withLength(OK, 'text/xml', envelope(SOAP_11, '', USERS))
/** Somebody who sends such an answer instead of asking. */
export const PUSHED = withLength(POST, 'application/soap+xml', envelope(SOAP_12, '', TOLD))

const sample = textSamples('http', 'tcp')

export const SAMPLES: readonly Sample[] = [
  sample('client', ASK),
  sample('server', TELL),
  sample('client', ASK_11),
  sample('server', TELL_11),
  sample('client', ASK_11),
  sample('server', TELL_USERS),
]
