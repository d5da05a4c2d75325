import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

/** Segments in an MLLP frame: VT, each segment with its CR, FS, CR. */
export function mllp(...segments: readonly string[]): Uint8Array {
  return bytesOf(0x0b, segments.map((segment) => `${segment}\r`).join(''), 0x1c, 0x0d)
}

const PLANTED_PATIENT = [
  'PID|1||PLANTED-MRN^^^HOSP^MR||PLANTED^JANE^Q||19600101|F|||1 PLANTED STREET^^TOWN',
  'NK1|1|PLANTED^KIN|SPO',
  'PV1|1|I|ICU^PLANTED-ROOM^3||||1234^PLANTED^DOCTOR|||||||||||PLANTED-VISIT',
]

/** A monitor's report as IHE DEV has it, with a patient who must not be read. */
export const REPORT = [
  'MSH|^~\\&|MONITOR^080019FFFE00AB01^EUI-64|ICU^1.2.3^ISO|EMR|HOSPITAL|20260101||ORU^R01^ORU_R01|PLANTED-42|P|2.6|||||||||IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO',
  ...PLANTED_PATIENT,
  'OBR|1|PLANTED-ORDER|R1|69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC||||||||||||PLANTED^ORDERER',
  'OBX|1||69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC|1.0.0.0|||||||X|||||||SN150Z0409^^0009FBFFFF059322^EUI-64',
  'OBX|2|ST|531970^MDC_ID_MODEL_MANUFACTURER^MDC|1.0.0.1|Examplemed||||||R|||||||SN150Z0409^^0009FBFFFF059322^EUI-64',
  'OBX|3|ST|531969^MDC_ID_MODEL_NUMBER^MDC|1.0.0.2|Vitalis 5||||||R|||||||SN150Z0409^^0009FBFFFF059322^EUI-64',
  'OBX|4|NM|147842^MDC_ECG_HEART_RATE^MDC|1.7.4.1|87|/min^^UCUM|||||R',
  'OBX|5|ST|8867-4^PLANTED TEXT^LN||PLANTED result for JANE',
  'OBX|6|TX|NOTE^PLANTED NOTE^L||PLANTED free text',
  'NTE|1||PLANTED remark',
]

export const ALARM = [
  'MSH|^~\\&|AM_GATEWAY||COMM||20260101||ORU^R40^ORU_R40|77|P|2.6',
  ...PLANTED_PATIENT,
  'OBX|1|CWE|196616^MDC_EVT_ALARM^MDC|1.3.1.1.1|196670^MDC_EVT_LO^MDC||||||F',
  'OBX|2|CWE|68480^MDC_ATTR_ALERT_SOURCE^MDC|1.3.1.1.2|150456^PLANTED^MDC||||||F',
  'OBX|3|ST|68481^MDC_ATTR_EVENT_PHASE^MDC|1.3.1.1.3|start||||||F',
  'OBX|4|ST|68484^MDC_ATTR_ALARM_PRIORITY^MDC|1.3.1.1.6|PH||||||F',
  'OBX|5|ST|68485^MDC_ATTR_ALERT_TYPE^MDC|1.3.1.1.7|PLANTED TYPE||||||F',
]

export const ADMISSION = [
  'MSH|^~\\&|ADT1|MCM|LABADT|MCM|19880818||ADT^A01|MSG1|P|2.3.1',
  ...PLANTED_PATIENT,
]

export const REFUSAL = [
  'MSH|^~\\&|LABADT|MCM|ADT1|MCM|19880818||ACK^A01|MSG2|P|2.3.1',
  'MSA|AE|MSG1|PLANTED^JANE is unknown',
  'ERR||PID^1^5|101^PLANTED|E',
]

const sample = (from: Sample['from'], bytes: Uint8Array): Sample => ({
  protocol: 'hl7',
  over: 'tcp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', mllp(...REPORT)),
  sample('client', mllp(...ALARM)),
  sample('client', mllp(...ADMISSION)),
  sample('server', mllp(...REFUSAL)),
  sample('client', mllp('FHS|^~\\&|LAB', 'BHS|^~\\&|LAB', ...ADMISSION, 'BTS|1', 'FTS|1')),
  sample('client', bytesOf(`${ADMISSION.join('\r')}\r`)),
]
