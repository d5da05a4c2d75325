/** Rows of a form of 2019 about an invented pump: claims, silence and notes of every kind. */
export const QUESTIONS_2019 = [
  ['DOC-1', 'Manufacturer Name', 'Example Medical'],
  ['DOC-3', 'Device Model', 'Pump 300, Pump 310'],
  ['DOC-7', 'Document Release Date', '3/20/2026'],
  ['MPII-1', 'Can this device store personal data?', 'Yes', '__'],
  ['TXCF-2 ', 'Is data encrypted prior to transmission?', 'Yes,TLS', 'Note 3'],
  ['SHAD-15', 'Is the boot loader locked?', 'No: needs a tool'],
  ['CONN-1', 'Hardware connectivity', '____'],
  ['RMOT-1', 'Does the device permit remote service?', 'No', '__'],
  ['AUDT-1', 'Audit log?', 'N/A'],
  ['AUDT-2', 'What is logged?', 'See Note 4'],
]
