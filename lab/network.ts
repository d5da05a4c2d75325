import { spawn, spawnSync } from 'node:child_process'
import { openSync } from 'node:fs'
import type { Device } from './hospital.ts'

/**
 * The network of the lab: one namespace per device, one for the two bridges. Nothing is made outside these
 * namespaces, and all of them carry the recorder's pid in their name, so that only our own are removed.
 */
const prefix = `wardlab${process.pid}`
const made = new Set<string>()

export const bridges = `${prefix}-core`
export const clinicalBridge = 'clinical'

export function namespaceOf(device: Pick<Device, 'name'>): string {
  return `${prefix}-${device.name}`
}

function addNamespace(name: string): void {
  run(['ip', 'netns', 'add', name])
  made.add(name)
}

export function buildNetwork(devices: readonly Device[], router: string): void {
  addNamespace(bridges)
  inside(
    bridges,
    `sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
     for b in clinical office; do
       ip link add $b type bridge
       echo 0x4000 > /sys/class/net/$b/bridge/group_fwd_mask   # let LLDP through
       echo 0 > /sys/class/net/$b/bridge/multicast_snooping
       ip link set $b up
     done`,
  )
  for (const [index, device] of devices.entries()) plug(device, `v${index}`, router)
}

function plug(device: Device, port: string, router: string): void {
  const namespace = namespaceOf(device)
  addNamespace(namespace)
  const isRouter = device.name === router
  const segment = device.segment ?? 'clinical'
  const gateway = segment === 'office' ? '10.20.40.1' : '10.20.10.1'
  inside(
    namespace,
    `sysctl -qw net.ipv6.conf.default.disable_ipv6=${device.ipv6 ? 0 : 1}
     ${cable(port, 'eth0', segment, device.mac)}
     ip link set lo up
     ${device.dhcp ? '' : `ip addr add ${device.ip}/24 dev eth0`}
     ${isRouter ? officeSide(port, device.mac) : device.dhcp ? '' : `ip route add default via ${gateway}`}`,
  )
}

function officeSide(port: string, mac: string): string {
  const officeMac = mac.slice(0, -2) + 'ff'
  return `${cable(`${port}b`, 'eth1', 'office', officeMac)}
    ip addr add 10.20.40.1/24 dev eth1
    sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0`
}

/** Offloads are off, so that every frame is recorded as a wire would carry it, with its checksums. */
function cable(port: string, nic: string, segment: string, mac: string): string {
  return `ip link add ${nic} address ${mac} type veth peer name ${port} netns ${bridges}
    ethtool -K ${nic} tx off rx off tso off gso off gro off >/dev/null
    ip -n ${bridges} link set ${port} master ${segment} up
    ip link set ${nic} up`
}

function run(command: readonly [string, ...string[]], input = ''): void {
  const { status, stderr } = spawnSync(command[0], command.slice(1), { input })
  if (status !== 0) throw new Error(`${command.join(' ')}: ${stderr?.toString().trim()}`)
}

function inside(namespace: string, script: string): void {
  run(['ip', 'netns', 'exec', namespace, 'bash', '-e'], script)
}

/** Runs a shell line in a namespace, with an empty /run, its own host name and resolver; resolves with the exit status. */
export function runInside(
  namespace: string,
  line: string,
  options: { log: string; hostname?: string; resolver?: string; seconds?: number },
): Promise<number> {
  const log = openSync(options.log, 'a')
  const resolver =
    options.resolver === undefined ? '' : `mount --bind ${options.resolver} /etc/resolv.conf; `
  const prepare = `hostname ${options.hostname ?? 'lab'}; mount -t tmpfs tmpfs /run; ${resolver}`
  const limit = options.seconds === undefined ? [] : ['timeout', '-k', '2', String(options.seconds)]
  const args = ['netns', 'exec', namespace, 'unshare', '--mount', '--uts', ...limit, 'bash', '-c']
  // A session of its own: some daemons end their whole process group when they end.
  const child = spawn('ip', [...args, prepare + line], {
    stdio: ['ignore', log, log],
    detached: true,
  })
  return new Promise((resolve) => {
    child.on('exit', (status) => resolve(status ?? 1))
    child.on('error', () => resolve(1))
  })
}

/** Ends what still runs in namespaces of ours. */
export function stopInside(namespaces: Iterable<string>): void {
  const all = [...namespaces]
  for (const signal of ['TERM', 'KILL']) {
    const ours = all.flatMap((namespace) => {
      const { stdout } = spawnSync('ip', ['netns', 'pids', namespace])
      return stdout
        .toString()
        .split(/\s+/)
        .filter((pid) => pid !== '')
    })
    if (ours.length === 0) return
    spawnSync('kill', ['-s', signal, ...ours])
    spawnSync('sleep', ['1'])
  }
}

export function removeNetwork(): void {
  stopInside(made)
  for (const namespace of made) spawnSync('ip', ['netns', 'del', namespace])
  made.clear()
}
