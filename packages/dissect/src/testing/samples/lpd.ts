import { type Sample, textSamples } from './sample.ts'

export const RECEIVE = '\x02raw\n'
const CONTROL = 'Hward7\nPPLANTED\nJPLANTED chart\nldfA012ward7\nNJANE.pdf\n'
export const CONTROL_FILE = `\x02${CONTROL.length} cfA012ward7\n${CONTROL}\0`
const DATA = 'PLANTED JANE, born 1960\n\x05of-the-document\n'
export const DATA_FILE = `\x03${DATA.length} dfA012ward7\n${DATA}\0`
export const ENDLESS_FILE = `\x030 dfA012ward7\n${DATA}`
export const ABORT = '\x01\n'
export const STATE = '\x04raw PLANTED\n'
export const STATE_TOLD = 'raw is ready\nPLANTED: 1st [job 12 ward7]\n  JANE.pdf\n'
export const REMOVE = '\x05raw PLANTED 12\n'
export const ACKNOWLEDGED = '\0'

const sample = textSamples('lpd', 'tcp')

export const SAMPLES: readonly Sample[] = [
  sample('client', STATE),
  sample('server', STATE_TOLD),
  sample('client', REMOVE),
  sample('client', RECEIVE),
  sample('server', ACKNOWLEDGED),
  sample('client', CONTROL_FILE),
  sample('client', DATA_FILE),
]
