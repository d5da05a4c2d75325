import { answer, httpMessage } from './http.ts'
import { type Sample, textSamples } from './sample.ts'

const STUDY = '/dcm4chee-arc/aets/PLANTED/rs/studies/1.2.840.99.PLANTED'
const asked = (line: string, ...fields: readonly string[]) =>
  httpMessage(`${line} HTTP/1.1`, ['Host: archive.example', ...fields])

export const SEARCH = asked(`GET ${STUDY}/series?PatientName=PLANTED`, 'Accept: */*')
export const FOUND = answer('application/dicom+json', '[{"00100010":{"Value":["PLANTED^JANE"]}}]')
export const RETRIEVE = asked(
  `GET ${STUDY}/series/1.2.3/instances/4.5.6`,
  'Accept: multipart/related; type="application/dicom"',
)
export const STORE = asked(
  `POST ${STUDY}`,
  'Content-Type: multipart/related; type="application/dicom"; boundary=x',
  'Content-Length: 0',
)

const sample = textSamples('http', 'tcp')

export const SAMPLES: readonly Sample[] = [
  sample('client', SEARCH),
  sample('server', FOUND),
  sample('client', RETRIEVE),
  sample('client', STORE),
]
