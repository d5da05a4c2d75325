import { table } from '../table.ts'

/** What an application does with the objects of an abstract syntax (DICOM PS3.4). */
const SERVICE_PREFIXES: readonly (readonly [string, string])[] = [
  ['1.2.840.10008.1.1', 'verification'],
  ['1.2.840.10008.1.20.1', 'storage commitment'],
  ['1.2.840.10008.3.1.2.3.', 'procedure step'],
  ['1.2.840.10008.5.1.1.', 'print'],
  ['1.2.840.10008.5.1.4.1.1.', 'storage'],
  ['1.2.840.10008.5.1.4.31', 'worklist'],
  ['1.2.840.10008.5.1.4.33', 'instance availability'],
  ['1.2.840.10008.5.1.4.34.', 'unified procedure step'],
  ['1.2.840.10008.5.1.4.38.', 'hanging protocol'],
]
// Query/Retrieve information models end in 1 to find, 2 to move, 3 to get (PS3.4 §C.6).
const QUERY_RETRIEVE = /^1\.2\.840\.10008\.5\.1\.4\.1\.2\.\d\.([123])$/

/** Service of an abstract syntax: `storage`, `query`, `worklist` ...; undefined for one that is not of the standard. */
export function dicomService(uid: string): string | undefined {
  const model = QUERY_RETRIEVE.exec(uid)
  if (model) return model[1] === '1' ? 'query' : 'retrieve'
  return SERVICE_PREFIXES.find(([prefix]) =>
    prefix.endsWith('.') ? uid.startsWith(prefix) : uid === prefix,
  )?.[1]
}

const STORAGE = '1.2.840.10008.5.1.4.1.1.'
/** Storage classes of PS3.6 annex A that tell one kind of device from another, by what follows their common prefix. */
const STORAGE_CLASS = table<string>({
  '1': 'Computed Radiography Image',
  '1.1': 'Digital X-Ray Image (presentation)',
  '1.1.1': 'Digital X-Ray Image (processing)',
  '1.2': 'Digital Mammography X-Ray Image (presentation)',
  '1.2.1': 'Digital Mammography X-Ray Image (processing)',
  '1.3': 'Digital Intra-Oral X-Ray Image (presentation)',
  '1.3.1': 'Digital Intra-Oral X-Ray Image (processing)',
  '2': 'CT Image',
  '2.1': 'Enhanced CT Image',
  '3.1': 'Ultrasound Multi-frame Image',
  '4': 'MR Image',
  '4.1': 'Enhanced MR Image',
  '4.2': 'MR Spectroscopy',
  '6.1': 'Ultrasound Image',
  '6.2': 'Enhanced US Volume',
  '7': 'Secondary Capture Image',
  '9.1.1': '12-lead ECG Waveform',
  '9.1.2': 'General ECG Waveform',
  '9.1.3': 'Ambulatory ECG Waveform',
  '9.2.1': 'Hemodynamic Waveform',
  '9.3.1': 'Cardiac Electrophysiology Waveform',
  '12.1': 'X-Ray Angiographic Image',
  '12.1.1': 'Enhanced XA Image',
  '12.2': 'X-Ray Radiofluoroscopic Image',
  '12.2.1': 'Enhanced XRF Image',
  '13.1.3': 'Breast Tomosynthesis Image',
  '20': 'Nuclear Medicine Image',
  '77.1.1': 'VL Endoscopic Image',
  '77.1.1.1': 'Video Endoscopic Image',
  '77.1.2': 'VL Microscopic Image',
  '77.1.4': 'VL Photographic Image',
  '77.1.5.1': 'Ophthalmic Photography 8 Bit Image',
  '77.1.5.4': 'Ophthalmic Tomography Image',
  '77.1.6': 'VL Whole Slide Microscopy Image',
  '88.11': 'Basic Text SR',
  '88.22': 'Enhanced SR',
  '88.33': 'Comprehensive SR',
  '88.67': 'X-Ray Radiation Dose SR',
  '104.1': 'Encapsulated PDF',
  '128': 'Positron Emission Tomography Image',
  '481.1': 'RT Image',
  '481.2': 'RT Dose',
  '481.3': 'RT Structure Set',
  '481.5': 'RT Plan',
})

/** Name of a storage class, its UID where it has none here; undefined when it is no storage class. */
export function storageClass(uid: string): string | undefined {
  return uid.startsWith(STORAGE) ? (STORAGE_CLASS[uid.slice(STORAGE.length)] ?? uid) : undefined
}

/** Names of DIMSE commands by command field (PS3.7 §E.1); an answer has the highest bit set. */
export const DICOM_COMMAND: Readonly<Record<number, string>> = {
  0x0001: 'C-STORE',
  0x0010: 'C-GET',
  0x0020: 'C-FIND',
  0x0021: 'C-MOVE',
  0x0030: 'C-ECHO',
  0x0100: 'N-EVENT-REPORT',
  0x0110: 'N-GET',
  0x0120: 'N-SET',
  0x0130: 'N-ACTION',
  0x0140: 'N-CREATE',
  0x0150: 'N-DELETE',
  0x0fff: 'C-CANCEL',
}
