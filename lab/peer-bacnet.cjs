'use strict'
/**
 * BACnet/IP with node-bacnet: `peer-bacnet.cjs CONFIG` is a device that answers Who-Is and ReadProperty,
 * `peer-bacnet.cjs read ADDRESS INSTANCE` asks one who it is (ASHRAE 135).
 */
const { readFileSync } = require('node:fs')
const Bacnet = require('node-bacnet')

const CHARACTER_STRING = 7
const UNSIGNED = 2
const DEVICE = 8
const VENDOR_IDENTIFIER = 120

function ask(address, instance) {
  const client = new Bacnet({ apduTimeout: 2000, broadcastAddress: '10.20.10.255' })
  client.whoIs()
  const properties = [77, 121, 70, 44, 12, 28]
  const next = () => {
    const property = properties.shift()
    if (property === undefined) return void setTimeout(() => client.close(), 200)
    client.readProperty({ address }, { type: DEVICE, instance }, property, () => next())
  }
  setTimeout(next, 500)
}

function answer({ instance, vendorId, properties }) {
  const device = new Bacnet({ broadcastAddress: '10.20.10.255' })
  device.on('whoIs', () =>
    device.iAmResponse(null, instance, Bacnet.enum.Segmentation.NO_SEGMENTATION, vendorId),
  )
  device.on('readProperty', ({ header, invokeId, payload, request }) => {
    const asked = (payload ?? request).property.id
    const text = properties[asked]
    const value =
      asked === VENDOR_IDENTIFIER
        ? { type: UNSIGNED, value: vendorId }
        : { type: CHARACTER_STRING, value: text ?? '' }
    const { objectId, property } = payload ?? request
    device.readPropertyResponse(header.sender, invokeId, objectId, property, [value])
  })
}

const [first, address, instance] = process.argv.slice(2)
if (first === 'read') ask(address, Number(instance))
else answer(JSON.parse(readFileSync(first, 'utf8')))
