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

/** A gateway that tells of the alerts of two monitors, one of which has a MAC in its identifier. */
export const GATEWAY_ALARMS = [
  'MSH|^~\\&|AM_GATEWAY||COMM||20260101||ORU^R40^ORU_R40|78|P|2.6',
  ...PLANTED_PATIENT,
  'OBR|1|PLANTED-ORDER|R1|196616^MDC_EVT_ALARM^MDC|||20260101',
  'OBX|1|CWE|196616^MDC_EVT_ALARM^MDC|1.3.1.1.1|196648^MDC_EVT_HI^MDC||||||F|||||||SN150Z0409^^0009FBFFFF059322^EUI-64',
  'OBX|2|CWE|68480^MDC_ATTR_ALERT_SOURCE^MDC|1.3.1.1.2|147842^MDC_ECG_HEART_RATE^MDC||||||F',
  'OBX|3|ST|68481^MDC_ATTR_EVENT_PHASE^MDC|1.3.1.1.3|start||||||F',
  'OBX|4|ST|68482^MDC_ATTR_ALARM_STATE^MDC|1.3.1.1.4|active||||||F',
  'OBX|5|NM|147842^MDC_ECG_HEART_RATE^MDC|1.3.1.1.8|PLANTED|/min^^UCUM|||||F',
  'OBR|2|PLANTED-ORDER|R2|196616^MDC_EVT_ALARM^MDC|||20260101',
  'OBX|1|CWE|196616^MDC_EVT_ALARM^MDC|2.0.0.1.1|196802^MDC_EVT_BATT_LOW^MDC||||||F',
  'OBX|2|CWE|68480^MDC_ATTR_ALERT_SOURCE^MDC|2.0.0.1.2|PLANTED^JANE PLANTED^MDC||||||F',
  'OBX|3|ST|68485^MDC_ATTR_ALERT_TYPE^MDC|2.0.0.1.7|ST||||||F|||||||MON4^WARD',
]

/** A pump of two channels, each with an infusion of its own, and what holds for the pump as a whole. */
export const CHANNELS = [
  'MSH|^~\\&|PUMPS^0012211839000001^EUI-64|WARD|ICU||20260101||ORU^R01^ORU_R01|10|P|2.6|||||||||IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO',
  ...PLANTED_PATIENT,
  'OBX|1||70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC|1.0.0.0|||||||X|||||||P9^^0009FBFFFF059322^EUI-64',
  'OBX|2|ST|184520^MDC_PUMP_DRUG_LIBRARY_NAME^MDC|1.0.0.1|ICU_D5||||||R',
  'OBX|3|CWE|184519^MDC_PUMP_INFUSING_STATUS^MDC|1.1.1.1|^pump-status-infusing||||||R',
  'OBX|4|NM|158014^MDC_FLOW_FLUID_PUMP_CURRENT^MDC|1.1.1.2|5|265266^MDC_DIM_MILLI_L_PER_HR^MDC^mL/h^mL/h^UCUM|||||R',
  'OBX|5|ST|184514^MDC_DRUG_NAME_LABEL^MDC|1.1.2.1|Noradrenaline||||||R',
  'OBX|6|NM|68063^MDC_ATTR_PT_WEIGHT^MDC|1.1.2.18|PLANTED|kg|||||R',
  'OBX|7|NM|158014^MDC_FLOW_FLUID_PUMP_CURRENT^MDC|1.2.1.2|18|265266^MDC_DIM_MILLI_L_PER_HR^MDC^mL/h^mL/h^UCUM|||||R',
  'OBX|8|ST|184514^MDC_DRUG_NAME_LABEL^MDC|1.2.2.1|Propofol||||||R',
  'OBX|9||70051^MDC_DEV_PUMP_INFUS_LVP_VMD^MDC|1.3.0.0|||||||X|||||||MODULE3',
  'OBX|10|ST|184514^MDC_DRUG_NAME_LABEL^MDC|1.3.2.1|Insulin||||||R',
]

/** Pumps that report their infusions as IHE DEV has it, and one that reports its state; weights are a patient's. */
export const INFUSION = [
  'MSH|^~\\&|PUMPS^0012211839000001^EUI-64|WARD|ICU||20260101||ORU^R42^ORU_R01|9|P|2.6|||||||||IHE_PCD_010^IHE PCD^1.3.6.1.4.1.19376.1.6.4.10^ISO',
  ...PLANTED_PATIENT,
  'OBX|1||70049^MDC_DEV_PUMP_INFUS_LVP_MDS^MDC|1.0.0.0|||||||X|||||||I51559^^0012210000000000^EUI-64',
  'OBX|2|ST|67880^MDC_ATTR_ID_MODEL^MDC|1.1.0.8|Infuso 7||||||F',
  'OBX|3|CWE|68487^MDC_ATTR_EVT_COND^MDC|1.1.0.3|197288^MDC_EVT_PUMP_DELIV_START^MDC||||||R',
  'OBX|4|CWE|184519^MDC_PUMP_INFUSING_STATUS^MDC|1.1.1.1|^pump-status-infusing||||||R',
  'OBX|5|NM|158014^MDC_FLOW_FLUID_PUMP_CURRENT^MDC|1.1.1.2|18.5|265266^MDC_DIM_MILLI_L_PER_HR^MDC^mL/h^mL/h^UCUM|||||R',
  'OBX|6|ST|184514^MDC_DRUG_NAME_LABEL^MDC|1.1.2.2|Noradrenaline||||||R',
  'OBX|7|NM|157784^MDC_FLOW_FLUID_PUMP^MDC|1.1.2.5|20|mL/h^mL/h^UCUM|||||R',
  'OBX|8|NM|68063^MDC_ATTR_PT_WEIGHT^MDC|1.1.2.18|PLANTED|kg|||||R',
  'OBX|9|CWE|158006^MDC_PUMP_NOT_DELIVERING_REASON^MDC|1.1.2.23|^PLANTED reason||||||R',
  'OBX|10|ST|184520^MDC_PUMP_DRUG_LIBRARY_NAME^MDC|1.1.0.1|ICU_D5||||||R',
  'OBX|11||70053^MDC_DEV_PUMP_INFUS_SYRINGE_MDS^MDC|2.0.0.0|||||||X|||||||P7^^0009FBFFFF059322^EUI-64',
  'OBX|12|CWE|158005^MDC_DEV_PUMP_CURRENT_DELIVERY_STATUS^MDC|2.1.1.1|^pump-delivery-status-not-delivering||||||R',
  'OBX|13|ST|67925^MDC_ATTR_POWER_STAT^MDC|2.1.0.11|onBattery(1)||||||F',
  'OBX|14|ST|69416^MDC_NCC_WIRELESS_MAC^MDC|2.1.1.3|c0:ee:40:0d:16:8f||||||F',
]

/**
 * What Mindray's monitors, gateway and analysers send as their maker publishes it: codes of their own without a system,
 * the name of a monitor nowhere in its header, and in observations the patient's number, bed and measures.
 */
export const MINDRAY = [
  [
    'MSH|^~\\&|||||||ORU^R01|103|P|2.3.1|',
    'PID|||0a000f00-0000-0000-PLANTED0000||PLANTED^JANE||19600101|F|',
    'PV1||I|^^PLANTED-UNIT&PLANTED-BED&167772165&4601&&1|||||||||||||||A|||',
    'OBR||||Mindray Monitor|||0|',
    'OBX||NM|52^||PLANTED||||||F',
    'OBX||ST|2301^||PLANTED-MRN||||||F',
    'OBX||CE|2302^Blood||0^PLANTED||||||F',
    'OBX||ST|2308^BedNoStr||PLANTED-BED||||||F',
  ],
  [
    'MSH|^~\\&|||||||ORU^R01|54|P|2.3.1|',
    'OBX||CE|2|1|10076^**PLANTED Too Low||||||F|||20260101120000',
    'OBX||CE|2040^||PLANTED^||||||F',
  ],
  [
    'MSH|^~\\&|Mindray|Gateway|||||ORU^R01|2|P|2.3.1|',
    'PID|||PLANTED_00010||PLANTED^JANE||19600101|F|||^^^^|||',
    'PV1||I|^^ICU&PLANTED-BED&167772165&0&0|||||||||||||||A',
    'OBR||||Mindray Monitor|||20260101120000|',
    'OBX||NM|101^HR|2101|60||||||F||APERIODIC|20260101120000',
  ],
  [
    'MSH|^~\\&|Mindray|Gateway|||20260101120000||QRY^A19|2|P|2.3.1',
    'QRD|20260101120000|D|D|1|||1^RD|PLANTED-MRN|^DEM|^MindrayGateway',
  ],
  [
    'MSH|^~\\&|Mindray|BS-000|||20260101120000||ORU^R01|1|P|2.3.1||||0||ASCII|||',
    'PID|1|PLANTED-MRN|||PLANTED JANE||19600101|F',
    'OBR|1|PLANTED-SAMPLE|2|Mindray^BS-000|Y||20260101120000||||||PLANTED',
    'OBX|1|NM|2|GLU|PLANTED|mg/dL|-|N|||F',
  ],
] as const

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
  sample('client', mllp(...GATEWAY_ALARMS)),
  sample('client', mllp(...INFUSION)),
  sample('client', mllp(...CHANNELS)),
  sample('client', mllp(...ADMISSION)),
  ...MINDRAY.map((message) => sample('client', mllp(...message))),
  sample('server', mllp(...REFUSAL)),
  sample('client', mllp('FHS|^~\\&|LAB', 'BHS|^~\\&|LAB', ...ADMISSION, 'BTS|1', 'FTS|1')),
  sample('client', bytesOf(`${ADMISSION.join('\r')}\r`)),
]
