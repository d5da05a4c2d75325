import { createSocket } from 'node:dgram'
import { readFileSync } from 'node:fs'

/** Announces a UPnP root device every few seconds and answers searches (UPnP Device Architecture 1.0 §1). */
const config = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as {
  readonly ip: string
  readonly server: string
  readonly location: string
  readonly uuid: string
}
const group = '239.255.255.250'
const name = `uuid:${config.uuid}::upnp:rootdevice`
const common = [
  'CACHE-CONTROL: max-age=1800',
  `LOCATION: ${config.location}`,
  `SERVER: ${config.server}`,
]
const message = (lines: readonly string[]) => Buffer.from([...lines, '', ''].join('\r\n'))
const notify = ['NOTIFY * HTTP/1.1', `HOST: ${group}:1900`, ...common, 'NT: upnp:rootdevice']
const found = ['HTTP/1.1 200 OK', ...common, 'ST: upnp:rootdevice', `USN: ${name}`, 'EXT:']

const socket = createSocket({ type: 'udp4', reuseAddr: true })
socket.on('message', (asked, from) => {
  if (asked.toString().startsWith('M-SEARCH')) socket.send(message(found), from.port, from.address)
})
socket.bind(1900, () => {
  socket.addMembership(group, config.ip)
  socket.setMulticastInterface(config.ip)
  const announce = () =>
    socket.send(message([...notify, 'NTS: ssdp:alive', `USN: ${name}`]), 1900, group)
  announce()
  setInterval(announce, 8000)
})
