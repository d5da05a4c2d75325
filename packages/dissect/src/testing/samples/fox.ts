import type { Side } from '../../dissector.ts'
import { bytesOf } from '../frames.ts'
import type { Sample } from './sample.ts'

export const foxFrame = (head: string, ...lines: readonly string[]): Uint8Array =>
  bytesOf(`${head}\n{\n${lines.map((line) => `${line}\n`).join('')}};;\n`)

export const WORKBENCH = foxFrame(
  'fox a 1 -1 fox hello',
  'fox.version=s:1.0.1',
  'id=i:1',
  'app.name=s:Workbench',
  'app.version=s:4.10.0.154',
  'hostName=s:ENG-07',
)
export const STATION = foxFrame(
  'fox a 0 -1 fox hello',
  'fox.version=s:1.0',
  'id=i:10',
  'hostName=s:10.20.0.5',
  'hostAddress=s:10.20.0.5',
  'app.name=s:Station',
  'app.version=s:3.8.38.1',
  'vm.name=s:Java HotSpot(TM) Embedded Client VM',
  'vm.version=s:25.141-b03',
  'os.name=s:QNX',
  'os.version=s:6.5.0',
  'station.name=s:HospitalAHU',
  'lang=s:en',
  'timeZone=s:Europe/Berlin;3600000;3600000;02:00:00.000,wall',
  'hostId=s:Qnx-TITAN-1A2B-3C4D-5E6F-7A8B',
  'vmUuid=s:11e98b97-b656-1c50-0000-00000000bafd',
  'brandId=s:vykon',
)
export const LOGIN = foxFrame('fox a 2 1 fox login', 'username=s:PLANTED', 'app.name=s:PLANTED')

const sample = (from: Side, bytes: Uint8Array): Sample => ({
  protocol: 'fox',
  over: 'tcp',
  from,
  bytes,
})

export const SAMPLES: readonly Sample[] = [
  sample('client', WORKBENCH),
  sample('server', STATION),
  sample('client', LOGIN),
]
