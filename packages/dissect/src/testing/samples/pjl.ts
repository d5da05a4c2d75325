import { type Sample, textSamples } from './sample.ts'

export const UEL = '\x1b%-12345X'
export const ASK = `${UEL}@PJL INFO ID\r\n${UEL}`
export const TELL = '@PJL INFO ID\r\n"Examplemed Printo 7"\r\n\f'
export const JOB = [
  `${UEL}@PJL JOB NAME = "PLANTED chart"`,
  '@PJL COMMENT PLANTED JANE',
  '@PJL SET USERNAME="PLANTED"',
  '@PJL SET JOBNAME="JANE.pdf"',
  '@PJL RDYMSG DISPLAY="PLANTED"',
  '@PJL PLANTED',
  '@PJL ENTER LANGUAGE=PCL ',
  '@PJL FSDELETE NAME="of the document"',
  'PLANTED JANE, born 1960',
].join('\r\n')
export const STATUS = '@PJL USTATUS JOB\r\nEND\r\nNAME="PLANTED"\r\nID=7\r\n\f'

const sample = textSamples('pjl', 'tcp')

export const SAMPLES: readonly Sample[] = [
  sample('client', ASK),
  sample('server', TELL),
  sample('client', JOB),
  sample('server', STATUS),
]
