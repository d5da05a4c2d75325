import { type Sample, textSamples } from './sample.ts'

const header = (type: string, id: number) =>
  `<HDR><HDR.message_type V="${type}" SN="POCT1"/><HDR.control_id V="${id}"/><HDR.version_id V="POCT1"/></HDR>`

export const HELLO = `<?xml version="1.0" encoding="utf-8"?>\r\n<HEL.R01>${header('HEL.R01', 1)}
<DEV><DEV.device_id V="0009FBFFFE059322">HOSP^ICU</DEV.device_id><DEV.vendor_id V="EXAMPLEMED" /><DEV.model_id V='Gluco &amp; 2'/>
<DEV.serial_id V="SN9"/><DEV.manufacturer_name V="Examplemed"/><DEV.hw_version V="K1"/><DEV.sw_version V="4.4.0.0"/>
<DEV.device_name V="ICU meter"/><DSC><DSC.connection_profile_cd V="SA"/></DSC></DEV></HEL.R01>`
/** Values as text, no declaration, a name space of its own left out. */
export const OTHER_HELLO = `<HEL.R01>${header('HEL.R01', 1)}<DEV><DEV.device_id V="">HOSP^ICU</DEV.device_id><DEV.sw_version V="3.10">3.10_it</DEV.sw_version></DEV></HEL.R01>`
export const STATUS = `<DST.R01>${header('DST.R01', 2)}<DST><DST.new_observations_qty V="1"/><DST.condition_cd V="R"/></DST></DST.R01>\r\n`
export const RESULT = `<OBS.R01>${header('OBS.R01', 3)}<SVC><SVC.role_cd V="OBS"/><PT><PT.patient_id V="PLANTED-ID"/>
<PT.name V="PLANTED^JANE"/><DEV.serial_id V="PLANTED"/><OBS><OBS.value V="5.4"/></OBS></PT><OPR><OPR.operator_id V="PLANTED"/></OPR></SVC></OBS.R01>`
export const OPERATORS = `<OPL.R01>${header('OPL.R01', 4)}<OPR><OPR.operator_id V="PLANTED"/><ACC.password ENC="B64">UExBTlRFRA==</ACC.password></OPR></OPL.R01>`
export const ACKNOWLEDGE = `<ACK.R01>${header('ACK.R01', 10)}<ACK><ACK.type_cd V="AA"/></ACK></ACK.R01>`

const sample = textSamples('poct1a', 'tcp')

export const SAMPLES: readonly Sample[] = [
  sample('client', HELLO),
  sample('server', ACKNOWLEDGE),
  sample('client', OTHER_HELLO),
  sample('client', STATUS),
  sample('client', RESULT),
  sample('server', OPERATORS),
]
