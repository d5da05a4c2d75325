import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { addressOn, fill, labFolder, type Device, type Service } from './hospital.ts'
import { certificate } from './certificates.ts'

export interface Room {
  readonly domain: string
  /** The devices of this session. */
  readonly devices: readonly Device[]
  /** Folder of this device for configuration, state and logs. */
  readonly folder: string
  readonly day: number
  /** Folder with npm packages that the recording needs and the repository does not. */
  readonly packages: string
}

/** Writes what a service needs and gives the shell line that runs it in the foreground. */
type Starter = (device: Device, service: Service, room: Room) => string

function write(room: Room, name: string, content: string): string {
  const path = join(room.folder, name)
  writeFileSync(path, content)
  return path
}

function optionOf(service: Service, name: string, otherwise = ''): string {
  const value = service[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise
}

function linesOf(service: Service, name: string): readonly string[] {
  const value = service[name]
  return Array.isArray(value) ? value.map(String) : []
}

const starters = {
  shell: (device, service) => fill(optionOf(service, 'line'), device),

  snmpd(device, service, room) {
    const lines = [
      `rocommunity ${optionOf(service, 'community', 'public')}`,
      `sysdescr ${fill(optionOf(service, 'descr'), device)}`,
      `sysobjectid ${optionOf(service, 'oid')}`,
      `sysname ${device.name}`,
      `syslocation ${device.truth.place ?? ''}`,
      'agentaddress udp:161',
      ...linesOf(service, 'override').map((line) => `override ${fill(line, device)}`),
    ]
    const config = write(room, 'snmpd.conf', lines.join('\n'))
    const state = `SNMP_PERSISTENT_DIR=${room.folder}/snmp`
    return `MIBS= ${state} exec snmpd -f -C -c ${config} -Lo -I -smux,-snmptrap`
  },

  dnsmasq(_device, _service, room) {
    const { devices, domain } = room
    const lines = [
      'no-resolv',
      'no-hosts',
      'bogus-priv',
      'log-dhcp',
      'user=root',
      `domain=${domain}`,
    ]
    lines.push('dhcp-range=10.20.10.200,10.20.10.230,255.255.255.0,12h')
    lines.push('dhcp-option=option:router,10.20.10.1', 'dhcp-option=option:ntp-server,10.20.10.5')
    lines.push(`dhcp-leasefile=${room.folder}/leases.${room.day}`, 'dhcp-authoritative')
    for (const device of devices) {
      const ip = addressOn(device, room.day)
      if (device.dhcp) lines.push(`dhcp-host=${device.mac},${ip}`)
      else lines.push(`host-record=${device.name}.${domain},${ip}`)
    }
    return `exec dnsmasq -k -C ${write(room, 'dnsmasq.conf', lines.join('\n'))}`
  },

  chronyd(_device, _service, room) {
    const lines = ['local stratum 3', 'allow all', 'cmdport 0']
    return `exec chronyd -x -d -f ${write(room, 'chrony.conf', lines.join('\n'))}`
  },

  orthanc(device, service, room) {
    const modalities = service['modalities']
    const config = {
      Name: device.name.toUpperCase(),
      StorageDirectory: join(room.folder, 'storage'),
      IndexDirectory: join(room.folder, 'storage'),
      DicomAet: optionOf(service, 'aet'),
      DicomPort: 104,
      HttpPort: 8042,
      RemoteAccessAllowed: true,
      AuthenticationEnabled: false,
      DicomCheckModalityHost: false,
      DicomAlwaysAllowEcho: true,
      DicomAlwaysAllowStore: true,
      DicomAlwaysAllowFind: true,
      DicomAlwaysAllowGet: true,
      DicomAlwaysAllowMove: true,
      DicomModalities: modalities,
      Plugins: [],
    }
    return `exec Orthanc ${write(room, 'orthanc.json', JSON.stringify(config))}`
  },

  wlmscpfs(_device, service, room) {
    const folder = join(room.folder, 'worklists', optionOf(service, 'aet'))
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'lockfile'), '')
    const make = linesOf(service, 'items').map(
      (item, index) => `dump2dcm ${labFolder}/dicom/${item} ${folder}/${index}.wl; `,
    )
    return `${make.join('')}exec wlmscpfs -dfp ${room.folder}/worklists 104`
  },

  storescp: (_device, service, room) =>
    `exec storescp --aetitle ${optionOf(service, 'aet')} --output-directory ${room.folder} ${optionOf(service, 'port', '104')}`,

  mllp: (_device, service) =>
    `exec /usr/bin/python3 ${labFolder}/mllp-receiver.py ${optionOf(service, 'port', '2575')} ${optionOf(service, 'name')}`,

  http(device, service, room) {
    const config = fill(JSON.stringify(service), device)
    return `exec ${process.execPath} ${labFolder}/peer-http.ts ${write(room, `http-${optionOf(service, 'port', '80')}.json`, config)}`
  },

  tls(device, service, room) {
    const { key, cert } = certificate(
      join(room.folder, 'tls'),
      fill(JSON.stringify(service), device),
    )
    const more = optionOf(service, 'options')
    return `exec openssl s_server -accept ${optionOf(service, 'port', '443')} -key ${key} -cert ${cert} -www -quiet ${more}`
  },

  ssdp: (device, service, room) =>
    `sleep 2; exec ${process.execPath} ${labFolder}/peer-ssdp.ts ${write(room, 'ssdp.json', fill(JSON.stringify({ ip: device.ip, ...service }), device))}`,

  bacnet: (device, service, room) =>
    `NODE_PATH=${room.packages}/node_modules exec ${process.execPath} ${labFolder}/peer-bacnet.cjs ${write(room, 'bacnet.json', fill(JSON.stringify(service), device))}`,

  lldpd(device, service, room) {
    const text = (name: string) => JSON.stringify(fill(optionOf(service, name), device))
    const config = `configure lldp tx-interval 6\nconfigure system hostname ${device.name}\n`
    const file = write(room, 'lldpd.conf', config)
    return `mkdir -p /run/lldpd; exec lldpd -d -l -ccccc -O ${file} -I eth0 -S ${text('descr')} -P ${text('platform')}`
  },

  mosquitto(_device, _service, room) {
    const lines = ['listener 1883', 'allow_anonymous true', 'persistence false', 'user root']
    return `exec mosquitto -c ${write(room, 'mosquitto.conf', lines.join('\n'))}`
  },

  smbd(device, service, room) {
    const state = ['lock', 'state', 'cache', 'pid'].map((name) => {
      mkdirSync(join(room.folder, name), { recursive: true })
      return `${name} directory = ${room.folder}/${name}`
    })
    mkdirSync(join(room.folder, 'share'), { recursive: true })
    chmodSync(join(room.folder, 'share'), 0o777)
    const config = [
      '[global]',
      `netbios name = ${device.name.slice(0, 15)}`,
      `workgroup = ${optionOf(service, 'workgroup', 'HOSP')}`,
      `server string = ${fill(optionOf(service, 'descr'), device)}`,
      `server min protocol = ${optionOf(service, 'min', 'SMB2')}`,
      `server max protocol = ${optionOf(service, 'max', 'SMB3')}`,
      'client min protocol = NT1',
      'map to guest = Bad User',
      'load printers = no',
      'disable spoolss = yes',
      `private dir = ${room.folder}/state`,
      `ncalrpc dir = ${room.folder}/state/rpc`,
      `log file = ${room.folder}/smbd.log`,
      ...state,
      '[share]',
      `path = ${room.folder}/share`,
      'guest ok = yes',
      'read only = no',
    ]
    const file = write(room, 'smb.conf', config.join('\n'))
    return `mkdir -p /run/samba; nmbd -D -s ${file}; exec smbd -F --no-process-group -s ${file}`
  },

  sshd(_device, service, room) {
    const key = join(room.folder, 'host_key')
    const lines = [`HostKey ${key}`, 'UsePAM no', `PidFile ${room.folder}/sshd.pid`]
    lines.push(...linesOf(service, 'config'))
    const config = write(room, 'sshd.conf', lines.join('\n'))
    return `[ -f ${key} ] || ssh-keygen -q -t ed25519 -N '' -f ${key}; mkdir -p /run/sshd; exec /usr/sbin/sshd -D -f ${config}`
  },

  telnetd(device, service, room) {
    const banner = fill(optionOf(service, 'banner'), device)
    const login = write(
      room,
      'login.sh',
      `#!/bin/bash\nprintf '%s\\r\\n' '${banner}'\nread -p 'login: ' u\nread -s -p 'Password: ' p\nsleep 0.3\nprintf '\\r\\nLogin incorrect\\r\\n'\n`,
    )
    chmodSync(login, 0o755)
    const inetd = `telnet stream tcp nowait root /usr/sbin/telnetd telnetd -h -E ${login}\n`
    return `exec inetutils-inetd ${write(room, 'inetd.conf', inetd)}`
  },

  vsftpd(_device, service, room) {
    mkdirSync(join(room.folder, 'ftp/incoming'), { recursive: true })
    chmodSync(join(room.folder, 'ftp/incoming'), 0o777)
    const lines = ['listen=YES', 'anonymous_enable=YES', 'anon_upload_enable=YES']
    lines.push('write_enable=YES', 'seccomp_sandbox=NO', `anon_root=${room.folder}/ftp`)
    lines.push('allow_writeable_chroot=YES', `ftpd_banner=${optionOf(service, 'banner')}`)
    return `mkdir -p /run/vsftpd/empty; exec vsftpd ${write(room, 'vsftpd.conf', lines.join('\n'))} -obackground=NO`
  },

  avahi(device, service, room) {
    const folder = join(room.folder, 'avahi/services')
    mkdirSync(folder, { recursive: true })
    const config = `[server]\nhost-name=${device.name}\nuse-ipv6=no\nallow-interfaces=eth0\nenable-dbus=no\n[publish]\npublish-workstation=${optionOf(service, 'workstation', 'no')}\n`
    writeFileSync(join(room.folder, 'avahi/avahi-daemon.conf'), config)
    const published = service['services']
    for (const [index, one] of (Array.isArray(published) ? published : []).entries()) {
      const { name, type, port, txt } = one as Record<string, unknown>
      const records = (Array.isArray(txt) ? txt : []).map(
        (record) => `<txt-record>${fill(String(record), device)}</txt-record>`,
      )
      const xml = `<service-group><name>${fill(String(name), device)}</name><service><type>${String(type)}</type><port>${String(port)}</port>${records.join('')}</service></service-group>`
      writeFileSync(join(folder, `${index}.service`), xml)
    }
    return `mkdir -p /run/avahi-daemon; mount --bind ${room.folder}/avahi /etc/avahi; exec avahi-daemon --no-drop-root --no-chroot --no-rlimits`
  },

  xrdp(_device, _service, room) {
    const { key, cert } = certificate(join(room.folder, 'rdp'), '{"subject":"/CN=xrdp"}')
    const lines = ['[Globals]', 'port=3389', 'fork=true', 'security_layer=negotiate']
    lines.push(`certificate=${cert}`, `key_file=${key}`, 'crypt_level=high', 'autorun=', '[Xorg]')
    lines.push('name=Xorg', 'lib=libxup.so', 'username=ask', 'password=ask', 'ip=127.0.0.1')
    lines.push('port=-1', '[Logging]', 'EnableSyslog=false', `LogFile=${room.folder}/xrdp.log`)
    return `exec xrdp --nodaemon --config ${write(room, 'xrdp.ini', lines.join('\n'))}`
  },
} satisfies Record<string, Starter>

function isStarter(kind: string): kind is keyof typeof starters {
  return kind in starters
}

export function commandOf(device: Device, service: Service, room: Room): string {
  if (!isStarter(service.kind)) throw new Error(`${device.name}: no service ${service.kind}`)
  return (starters[service.kind] as Starter)(device, service, room)
}
